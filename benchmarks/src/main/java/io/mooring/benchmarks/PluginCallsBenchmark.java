package io.mooring.benchmarks;

import io.mooring.plugin.pool.FileTree;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How many calls a plugin answers in a second, one after the other and each on a connection of its own, as a Docker Engine
 * makes them: Get, and List with 500 volumes. In turns with a plugin of a few lines of Python that keeps its volumes in
 * memory, so that there is something to compare with on a machine that is never the same.
 */
public final class PluginCallsBenchmark {
    private static final int VOLUMES = 500;
    private static final int ROUNDS = 5;

    private PluginCallsBenchmark() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        double seconds = arguments.length == 0 ? 2 : Double.parseDouble(arguments[0]);
        Path directory = Files.createTempDirectory("mooring-bench-").toRealPath();
        Path home = Path.of(System.getProperty("mooring.home"));
        Process ours = start(
                directory,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.mooring.plugin.app.PluginMain",
                "--libstorageService=vfs",
                "--vfsPool=" + directory.resolve("pool"),
                "--vfsHost=bench",
                "--vfsOvercommit=true",
                "--plugin-dir",
                directory.toString());
        Process python = start(
                directory,
                "/usr/bin/python3",
                home.resolve("executor/src/test/resources/fixture/volume_plugin.py")
                        .toString(),
                directory.resolve("python.sock").toString(),
                directory.resolve("python").toString());
        try {
            compare(directory.resolve("vfs.sock"), directory.resolve("python.sock"), seconds);
        } finally {
            for (Process process : List.of(ours, python)) {
                process.destroy();
                process.waitFor(30, TimeUnit.SECONDS);
            }
            FileTree.delete(directory);
        }
    }

    private static Process start(Path directory, String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
    }

    private static void compare(Path ours, Path python, double seconds) throws IOException, InterruptedException {
        for (Path socket : List.of(ours, python)) {
            awaitReady(socket);
            long begun = System.nanoTime();
            for (int i = 0; i < VOLUMES; i++) {
                call(socket, "VolumeDriver.Create", "{\"Name\":\"volume-" + i + "\",\"Opts\":{\"size\":\"1\"}}");
            }
            System.out.printf(
                    "%s: %d volumes created in %.1f s%n",
                    socket.getFileName(), VOLUMES, (System.nanoTime() - begun) / 1e9);
        }
        Figures figures = new Figures();
        for (int round = -1; round < ROUNDS; round++) {
            Figures into = round < 0 ? new Figures() : figures;
            into.add("Get", rate(ours, "VolumeDriver.Get", "{\"Name\":\"volume-250\"}", seconds));
            into.add("Get, Python", rate(python, "VolumeDriver.Get", "{\"Name\":\"volume-250\"}", seconds));
            into.add("List", rate(ours, "VolumeDriver.List", "{}", seconds));
            into.add("List, Python", rate(python, "VolumeDriver.List", "{}", seconds));
        }
        figures.print("calls per second");
        for (String call : List.of("Get", "List")) {
            System.out.printf(
                    "%-16s %10.2f of Python's%n", call, figures.median(call) / figures.median(call + ", Python"));
        }
    }

    private static void awaitReady(Path socket) throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                call(socket, "Plugin.Activate", "");
                return;
            } catch (IOException e) {
                if (attempt > 1500) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    private static double rate(Path socket, String method, String body, double seconds) throws IOException {
        long begun = System.nanoTime();
        long calls = 0;
        while (System.nanoTime() - begun < seconds * 1e9) {
            call(socket, method, body);
            calls++;
        }
        return calls / ((System.nanoTime() - begun) / 1e9);
    }

    private static void call(Path socket, String method, String body) throws IOException {
        String request = "POST /" + method + " HTTP/1.1\r\nHost:\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n" + body;
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer rest = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            byte[] answer = Channels.newInputStream(channel).readAllBytes();
            String head = new String(answer, 0, Math.min(answer.length, 64), StandardCharsets.US_ASCII);
            if (!head.contains(" 200 ")) {
                throw new IOException(method + " was answered with " + head);
            }
        }
    }
}
