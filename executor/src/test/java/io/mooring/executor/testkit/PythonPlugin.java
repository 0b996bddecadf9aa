package io.mooring.executor.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The volume plugin in Python, a process of its own that shares no line with the client. */
public final class PythonPlugin implements AutoCloseable {
    private final Process process;
    private final Path socket;

    private PythonPlugin(Process process, Path socket) {
        this.process = process;
        this.socket = socket;
    }

    /** Where Python is, if it is installed. */
    public static Optional<Path> python() {
        return Stream.of("/usr/bin/python3", "/usr/local/bin/python3")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts it and waits until its socket is there. */
    public static PythonPlugin start(Path directory, String name) throws IOException, InterruptedException {
        Path script = directory.resolve("volume_plugin.py");
        try (InputStream source = PythonPlugin.class.getResourceAsStream("/fixture/volume_plugin.py")) {
            Files.write(script, source.readAllBytes());
        }
        Path socket = directory.resolve(name + ".sock");
        Process process = new ProcessBuilder(
                        python().orElseThrow().toString(),
                        script.toString(),
                        socket.toString(),
                        directory.resolve("volumes").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("python.log").toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(socket)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new AssertionError(
                        "the plugin did not start: " + Files.readString(directory.resolve("python.log")));
            }
            Thread.sleep(10);
        }
        return new PythonPlugin(process, socket);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        Files.deleteIfExists(socket);
    }
}
