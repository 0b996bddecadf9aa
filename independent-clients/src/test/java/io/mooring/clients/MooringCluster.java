package io.mooring.clients;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The whole of Mooring as {@code mooring local} starts it: processes of their own, with their own libraries. */
final class MooringCluster implements AutoCloseable {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final long PATIENCE_SECONDS = 90;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path log;
    private final Process process;
    private final int port;

    MooringCluster(Path directory) throws IOException, InterruptedException {
        port = freePort();
        log = directory.resolve("local.log");
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dcom.google.protobuf.use_unsafe_pre22_gencode=true",
                        "-Dmooring.home=" + ROOT,
                        "-Dmooring.executor=" + ROOT.resolve("executor/target/mooring-executor/bin/mooring-executor"),
                        "-cp",
                        ROOT.resolve("cli/target/mooring/lib") + "/*",
                        "io.mooring.cli.MooringMain",
                        "local",
                        "--dir",
                        directory.resolve("local").toString(),
                        "--agents",
                        "1",
                        "--port",
                        Integer.toString(port),
                        "--master-port",
                        Integer.toString(freePort()),
                        "--zk-port",
                        Integer.toString(freePort()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            awaitFramework();
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    /** Where Marathon's API is served. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    private void awaitFramework() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!subscribed()) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new IOException("the cluster did not start: " + Files.readString(log));
            }
            Thread.sleep(200);
        }
    }

    private boolean subscribed() throws InterruptedException {
        try {
            HttpResponse<String> info = http.send(
                    HttpRequest.newBuilder(URI.create(url() + "/v2/info"))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return info.statusCode() == 200
                    && new ObjectMapper().readTree(info.body()).hasNonNull("frameworkId");
        } catch (IOException e) {
            return false; // nobody listens yet
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Ends it as Ctrl-C does: claims are released, and everything that it started is stopped. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
