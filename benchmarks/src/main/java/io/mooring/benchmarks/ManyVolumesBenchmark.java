package io.mooring.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.plugin.mounttable.MountTable;
import io.mooring.plugin.pool.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Many loop volumes on one host at once, through the plugin's socket: created, mounted with a file in each, listed, found again
 * by a plugin whose predecessor was killed, read, unmounted, removed. Fails when one of them is missing or wrong, and when
 * anything of them is left in the end. Needs root.
 */
public final class ManyVolumesBenchmark {
    private static final int CALLERS = 8;

    private final Path directory;
    private final int volumes;
    private final ObjectMapper json = new ObjectMapper();
    private Process plugin;

    private ManyVolumesBenchmark(Path directory, int volumes) {
        this.directory = directory;
        this.volumes = volumes;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int volumes = arguments.length == 0 ? 500 : Integer.parseInt(arguments[0]);
        Path directory = Files.createTempDirectory("mooring-bench-").toRealPath();
        new ManyVolumesBenchmark(directory, volumes).run();
        FileTree.delete(directory);
    }

    private void run() throws IOException, InterruptedException {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        start();
        try {
            each(callers, "created", i -> call("Create", i, ",\"Opts\":{\"size\":\"1\"}"));
            each(callers, "mounted", i -> Files.writeString(mount(i).resolve("file"), "kept " + i));
            each(callers, "Get, mounted", i -> require(get(i).equals(usable(i).toString()), i + " is not mounted"));
            list("List, mounted");
            require(devices().size() == volumes && mounts().size() == volumes, "a device or a mount is missing");
            plugin.destroyForcibly().waitFor();
            long killed = System.nanoTime();
            start();
            show("killed, and ready again", killed, 1);
            each(
                    callers,
                    "mounted again",
                    i -> require(Files.readString(mount(i).resolve("file")).equals("kept " + i), "data"));
            require(devices().size() == volumes && mounts().size() == volumes, "a device or a mount is too many");
        } finally {
            each(callers, "unmounted", i -> call("Unmount", i, ",\"ID\":\"bench\""));
            each(callers, "removed", i -> call("Remove", i, ""));
            callers.shutdown();
            plugin.destroy();
            plugin.waitFor(60, TimeUnit.SECONDS);
        }
        require(devices().isEmpty() && mounts().isEmpty(), "left: " + devices() + " " + mounts());
        System.out.println("nothing is left of " + volumes + " volumes");
    }

    private void start() throws IOException, InterruptedException {
        plugin = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.mooring.plugin.app.PluginMain",
                        "--libstorageService=loop",
                        "--loopPool=" + directory.resolve("pool"),
                        "--loopHost=bench",
                        "--loopOvercommit=true",
                        "--libstorageIntegrationVolumeOperationsMountPath=" + directory.resolve("volumes"),
                        "--plugin-dir",
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
        PluginSocket.awaitReady(socket());
    }

    private void each(ExecutorService callers, String what, Step step) {
        long begun = System.nanoTime();
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 0; i < volumes; i++) {
            int number = i;
            running.add(CompletableFuture.runAsync(() -> take(step, number), callers));
        }
        running.forEach(CompletableFuture::join);
        show(what, begun, volumes);
    }

    private static void take(Step step, int number) {
        try {
            step.take(number);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void list(String what) throws IOException {
        long begun = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            JsonNode listed = json.readTree(PluginSocket.call(socket(), "VolumeDriver.List", "{}"))
                    .path("Volumes");
            require(listed.size() == volumes, "listed are " + listed.size());
            require(!listed.path(volumes - 1).path("Mountpoint").asText().isEmpty(), "one is listed as not mounted");
        }
        show(what, begun, 20);
    }

    private static void show(String what, long begun, int calls) {
        double millis = (System.nanoTime() - begun) / 1e6;
        System.out.printf("%-26s %8.2f s %10.2f ms each%n", what, millis / 1e3, millis / calls);
    }

    private Path mount(int number) throws IOException {
        String answer = call("Mount", number, ",\"ID\":\"bench\"");
        return Path.of(json.readTree(answer).path("Mountpoint").asText());
    }

    private String get(int number) throws IOException {
        return json.readTree(call("Get", number, ""))
                .path("Volume")
                .path("Mountpoint")
                .asText();
    }

    private Path usable(int number) {
        return directory.resolve("volumes").resolve("volume-" + number).resolve("data");
    }

    private String call(String method, int number, String more) throws IOException {
        return PluginSocket.call(
                socket(), "VolumeDriver." + method, "{\"Name\":\"volume-" + number + "\"" + more + "}");
    }

    private Path socket() {
        return directory.resolve("loop.sock");
    }

    private List<String> devices() throws IOException {
        List<String> devices = new ArrayList<>();
        try (DirectoryStream<Path> loops = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
            for (Path loop : loops) {
                Path file = loop.resolve("loop/backing_file");
                if (Files.exists(file) && Files.readString(file).startsWith(directory.toString())) {
                    devices.add(loop.getFileName().toString());
                }
            }
        }
        return devices;
    }

    private List<String> mounts() {
        return new MountTable(Path.of("/proc"))
                .now().entries().stream()
                        .map(entry -> entry.mountPoint())
                        .filter(point -> point.startsWith(directory.resolve("volumes") + "/"))
                        .toList();
    }

    private static void require(boolean good, String otherwise) {
        if (!good) {
            throw new IllegalStateException(otherwise);
        }
    }

    /** What is done with one volume. */
    private interface Step {
        void take(int number) throws IOException;
    }
}
