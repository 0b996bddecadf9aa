package io.mooring.local.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.local.agent.AgentSettings;
import io.mooring.local.master.MasterSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Raw sockets: how streams are cut into chunks, and clients that do not behave. */
class HostileClientsIT {
    private static final String SUBSCRIBE = "{\"type\":\"SUBSCRIBE\",\"subscribe\":{\"framework_info\":"
            + "{\"user\":\"root\",\"name\":\"f\",\"roles\":[\"r\"],\"failover_timeout\":0,"
            + "\"capabilities\":[{\"type\":\"MULTI_ROLE\"}]}}}";

    private static final int MOST = 64 << 20;

    @TempDir
    Path directory;

    private LocalMesos cluster;

    @BeforeEach
    void start() throws IOException {
        AgentSettings agent = new AgentSettings(
                "agent-1", 0, directory, "127.0.0.1", "cpus:1;mem:64", "", Map.of(), AgentSettings.Timeouts.standard());
        cluster = LocalMesos.start(MasterSettings.onPort(0), Optional.empty(), List.of(agent));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), cluster.masterPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void post(Socket socket, String body) throws IOException {
        String head = "POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Accept: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            assertThat(c).as("end of stream after " + line).isNotNegative();
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private static void skipHead(InputStream in) throws IOException {
        while (!line(in).isEmpty()) {
            assertThat(in).isNotNull();
        }
    }

    @Test
    void sendsEachRecordAsOneChunkOfItsOwn() throws IOException {
        try (Socket socket = connect()) {
            post(socket, SUBSCRIBE);
            InputStream in = socket.getInputStream();
            skipHead(in);
            for (String type : List.of("SUBSCRIBED", "HEARTBEAT", "OFFERS")) {
                int chunk = Integer.parseInt(line(in), 16);
                String content = new String(in.readNBytes(chunk), StandardCharsets.UTF_8);
                assertThat(line(in)).isEmpty();

                int newline = content.indexOf('\n');
                assertThat(content.substring(newline + 1))
                        .hasSize(Integer.parseInt(content.substring(0, newline)))
                        .startsWith("{\"type\":\"" + type + "\"");
            }
        }
    }

    @Test
    void removesAFrameworkWithoutFailoverTimeoutAsSoonAsItsConnectionEnds() throws Exception {
        try (Socket socket = connect()) {
            post(socket, SUBSCRIBE);
            skipHead(socket.getInputStream());
            line(socket.getInputStream());
        }
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (cluster.frameworks() > 0) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    @Test
    void takesAHalfClosedConnectionForAnEndedOne() throws Exception {
        try (Socket socket = connect()) {
            post(socket, SUBSCRIBE);
            skipHead(socket.getInputStream());
            socket.shutdownOutput();
            long deadline = System.nanoTime() + 5_000_000_000L;
            while (cluster.frameworks() > 0) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.sleep(10);
            }
        }
    }

    @Test
    void servesOthersWhileSomeSendGarbageOrNothing() throws IOException {
        Random random = new Random(42);
        try (Socket silent = connect()) {
            silent.getOutputStream()
                    .write("POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\nContent-Le"
                            .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 50; i++) {
                try (Socket socket = connect()) {
                    byte[] garbage = new byte[1 + random.nextInt(2000)];
                    random.nextBytes(garbage);
                    socket.getOutputStream().write(garbage);
                }
            }
            try (Socket socket = connect()) {
                post(socket, SUBSCRIBE);
                assertThat(line(socket.getInputStream())).isEqualTo("HTTP/1.1 200 OK");
            }
        }
    }

    @Test
    void readsARequestWhereverItIsCut() throws Exception {
        byte[] request = request("", "{\"type\":\"GET_HEALTH\"}".getBytes(StandardCharsets.US_ASCII));
        for (int cut = 1; cut < request.length; cut++) {
            try (Socket socket = connect()) {
                socket.setTcpNoDelay(true);
                socket.getOutputStream().write(request, 0, cut);
                Thread.sleep(1);
                socket.getOutputStream().write(request, cut, request.length - cut);
                assertThat(line(socket.getInputStream())).as("cut at " + cut).isEqualTo("HTTP/1.1 200 OK");
            }
        }
    }

    @Test
    void servesOthersWhileManyBodiesDoNotEnd() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = connect();
                slow.add(socket);
                byte[] request = request("", SUBSCRIBE.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(request, 0, request.length - 1);
            }
            try (Socket socket = connect()) {
                post(socket, SUBSCRIBE);
                assertThat(line(socket.getInputStream())).isEqualTo("HTTP/1.1 200 OK");
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void refusesABodyThatIsTooLargeOrBecomesSo() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(("POST /api/v1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: " + (MOST + 1) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(line(socket.getInputStream())).startsWith("HTTP/1.1 413 ");
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            byte[] piece = new byte[1 << 20];
            for (int i = 0; i <= MOST / piece.length; i++) {
                out.write(piece);
            }
        }
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request("Content-Encoding: gzip\r\n", packed.toByteArray()));
            assertThat(line(socket.getInputStream())).startsWith("HTTP/1.1 413 ");
        }
    }

    private static byte[] request(String header, byte[] body) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(("POST /api/v1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Accept: application/json\r\n" + header + "Content-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.write(body);
        return request.toByteArray();
    }
}
