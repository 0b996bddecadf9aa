package io.mooring.clients;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The local cluster as a process with its own libraries: those of the clients here are of another age. */
final class LocalCluster implements AutoCloseable {
    private static final Path MODULE = Path.of("..", "local-cluster", "target").toAbsolutePath();

    private final Process process;
    private final int port;

    LocalCluster(Path directory) throws IOException {
        port = freePort();
        Path config = Files.writeString(
                directory.resolve("cluster.json"), """
                {"master": {"port": %d},
                 "agents": [{"name": "agent-1", "port": %d, "workDir": "%s",
                             "resources": "cpus:4;mem:4096;disk:1024;ports:[31000-31999]",
                             "attributes": "zone:zone-1"}]}
                """.formatted(port, freePort(), directory.resolve("agent-1")));
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dcom.google.protobuf.use_unsafe_pre22_gencode=true",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        MODULE.resolve("classes")
                                + File.pathSeparator
                                + Files.readString(MODULE.resolve("classpath")).strip(),
                        "io.mooring.local.app.LocalMesosMain",
                        "--config",
                        config.toString())
                .redirectError(directory.resolve("cluster.log").toFile())
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null || !line.startsWith("ready ")) {
            process.destroyForcibly();
            throw new IOException(
                    "the local cluster did not start: " + Files.readString(directory.resolve("cluster.log")));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
