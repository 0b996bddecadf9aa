package io.mooring.benchmarks;

import io.mooring.plugin.pool.FileTree;
import java.io.IOException;
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
            PluginSocket.awaitReady(socket);
            long begun = System.nanoTime();
            for (int i = 0; i < VOLUMES; i++) {
                PluginSocket.call(
                        socket, "VolumeDriver.Create", "{\"Name\":\"volume-" + i + "\",\"Opts\":{\"size\":\"1\"}}");
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

    private static double rate(Path socket, String method, String body, double seconds) throws IOException {
        long begun = System.nanoTime();
        long calls = 0;
        while (System.nanoTime() - begun < seconds * 1e9) {
            PluginSocket.call(socket, method, body);
            calls++;
        }
        return calls / ((System.nanoTime() - begun) / 1e9);
    }
}
