package io.mooring.common.mesoshttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against other sides that do not keep to the rules, over plain sockets. */
@Timeout(60)
class MesosHttpTest {
    private static final Duration PATIENCE = Duration.ofMillis(700);
    private static final String HEAD =
            head("200 OK", "Connection: close", "Transfer-Encoding: chunked", "Mesos-Stream-Id: s");

    private final List<String> records = new ArrayList<>();
    private ServerSocket server;
    private MesosHttp http;

    private interface Behaviour {
        void on(Socket socket, OutputStream out) throws IOException, InterruptedException;
    }

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        http = new MesosHttp(
                URI.create("http://127.0.0.1:" + server.getLocalPort() + "/api/v1/scheduler"),
                Access.open(),
                new MesosHttp.Limits(Duration.ofSeconds(5), PATIENCE, PATIENCE, 1000));
    }

    @AfterEach
    void close() throws IOException {
        http.close();
        server.close();
    }

    @Test
    void countsAStreamAsDeadWhoseBytesTrickleWithoutAnEvent() {
        serve((socket, out) -> {
            write(out, HEAD + chunk("900\n"));
            while (true) {
                write(out, chunk("x"));
                Thread.sleep(50);
            }
        });

        StreamEnd end = subscribe();

        assertThat(end).isInstanceOfSatisfying(StreamEnd.Closed.class, closed -> assertThat(closed.reason())
                .contains("no whole event"));
    }

    @Test
    void givesUpOnAnAnswerWhoseHeadNeverEnds() {
        serve((socket, out) -> {
            write(out, "HTTP/1.1 200 OK\r\n");
            while (true) {
                write(out, "X-More: x\r\n");
                Thread.sleep(50);
            }
        });

        assertThat(subscribe()).isInstanceOf(StreamEnd.Unavailable.class);
        assertThat(http.call(new byte[] {1})).isInstanceOf(CallOutcome.Unknown.class);
    }

    @Test
    void givesUpOnACallWhoseAnswerNeverEnds() {
        serve((socket, out) -> {
            write(out, "HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true) {
                write(out, chunk("x"));
                Thread.sleep(50);
            }
        });

        assertThat(http.call(new byte[] {1}))
                .isInstanceOfSatisfying(CallOutcome.Unknown.class, unknown -> assertThat(unknown.reason())
                        .contains("no whole answer"));
    }

    @Test
    void goesOnWhileWholeEventsCome() {
        serve((socket, out) -> {
            write(out, HEAD);
            for (int i = 0; i < 15; i++) {
                write(out, chunk("2\nok"));
                Thread.sleep(100);
            }
            write(out, "0\r\n\r\n");
        });

        assertThat(subscribe()).isEqualTo(new StreamEnd.Closed("ended by the other side"));
        assertThat(records).hasSize(15).containsOnly("ok");
    }

    @Test
    void readsTheSameEventsWhereverTheyAreSplit() {
        String stream = "5\nhello\n3\nabc11\nhello world";
        AtomicInteger split = new AtomicInteger();
        serve((socket, out) -> {
            int at = split.get();
            write(out, HEAD + chunk(stream.substring(0, at)));
            write(out, chunk(stream.substring(at)) + "0\r\n\r\n");
        });
        for (int at = 1; at < stream.length(); at++) {
            split.set(at);
            records.clear();

            assertThat(subscribe()).isEqualTo(new StreamEnd.Closed("ended by the other side"));

            assertThat(records).as("split at %d", at).containsExactly("hello", "abc", "hello world");
        }
    }

    @Test
    void noticesASocketThatIsHalfClosed() {
        serve((socket, out) -> {
            write(out, HEAD + chunk("2\nok"));
            socket.shutdownOutput();
            Thread.sleep(5000);
        });

        assertThat(subscribe()).isInstanceOf(StreamEnd.Closed.class);
        assertThat(records).containsExactly("ok");
    }

    @Test
    void refusesAnEventOverTheLimitBeforeItIsRead() {
        serve((socket, out) -> {
            write(out, HEAD + chunk("67108865\n"));
            Thread.sleep(5000);
        });

        assertThat(subscribe()).isInstanceOfSatisfying(StreamEnd.Closed.class, closed -> assertThat(closed.reason())
                .contains("announces 6710"));
    }

    @Test
    void takesGarbageForAnAnswerThatNobodyUnderstands() {
        serve((socket, out) -> write(out, "\0\1\2 this is no HTTP \r\n\r\n"));

        assertThat(subscribe()).isInstanceOf(StreamEnd.Unavailable.class);
        assertThat(http.call(new byte[] {1})).isInstanceOf(CallOutcome.Unknown.class);
    }

    @Test
    void takesNoMoreOfAnAnswerThanItWasAskedTo() {
        serve((socket, out) -> write(out, head("200 OK", "Connection: close", "Content-Length: 4") + "body"));

        assertThat(http)
                .satisfies(asked -> assertThat(asked.ask(new byte[] {1}, 4)).hasSize(4));
        assertThatThrownBy(() -> http.ask(new byte[] {1}, 3))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 3 bytes");
    }

    private StreamEnd subscribe() {
        return http.subscribe(
                new byte[] {1}, () -> {}, record -> records.add(new String(record, StandardCharsets.UTF_8)));
    }

    private void serve(Behaviour behaviour) {
        Thread thread = new Thread(() -> accept(behaviour), "other-side");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(Behaviour behaviour) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                readRequest(socket);
                behaviour.on(socket, socket.getOutputStream());
            } catch (IOException e) {
                System.err.println("the client hung up: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void readRequest(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int read = socket.getInputStream().read();
            if (read < 0) {
                return;
            }
            head.append((char) read);
        }
        socket.getInputStream().read();
    }

    private static String head(String... lines) {
        return "HTTP/1.1 " + String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }
}
