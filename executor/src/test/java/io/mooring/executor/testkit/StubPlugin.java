package io.mooring.executor.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A Docker volume plugin on a unix socket, of a few lines and by hand, so that it shares nothing with the client. */
public final class StubPlugin implements AutoCloseable {
    private final Path socket;
    private final ServerSocketChannel server;
    private final Behaviour behaviour;
    private final List<String> calls = new CopyOnWriteArrayList<>();

    /** What the plugin does. */
    public interface Behaviour {
        /** The whole answer to a call: status line number and body. */
        Answer answer(String method, String body) throws IOException, InterruptedException;
    }

    /** One HTTP answer; a status of 0 closes the connection without one, an empty type is not sent. */
    public record Answer(int status, String contentType, String body) {
        public Answer(int status, String body) {
            this(status, "", body);
        }

        public static Answer ok(String body) {
            return new Answer(200, body);
        }
    }

    public StubPlugin(Path socket, Behaviour behaviour) throws IOException {
        this.socket = socket;
        this.behaviour = behaviour;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread thread = new Thread(this::accept, "stub-plugin");
        thread.setDaemon(true);
        thread.start();
    }

    /** Each call as {@code Method body}, in order. */
    public List<String> calls() {
        return calls;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                Thread thread = new Thread(() -> serve(channel), "stub-plugin-call");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (ClosedChannelException e) {
            return;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
            String request = line(in);
            int length = 0;
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(
                            header.substring("content-length:".length()).strip());
                }
            }
            String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            String method = request.split(" ")[1].substring(1);
            calls.add(method + " " + body);
            Answer answer = behaviour.answer(method, body);
            if (answer.status() == 0) {
                return;
            }
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            OutputStream out = Channels.newOutputStream(channel);
            out.write(("HTTP/1.1 " + answer.status() + " X\r\n"
                            + (answer.contentType().isEmpty() ? "" : "Content-Type: " + answer.contentType() + "\r\n")
                            + "Content-Length: " + bytes.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            calls.add("broken " + e.getMessage());
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
    }
}
