package io.mooring.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The framework in JavaScript as a process. */
final class NodeFramework implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 40;

    private final Process process;
    private final BlockingQueue<JsonNode> told = new LinkedBlockingQueue<>();
    private final List<JsonNode> passed = new ArrayList<>();

    NodeFramework(Path scripts, Path log, String... arguments) throws IOException {
        List<String> argv = new ArrayList<>(List.of("node", "--no-deprecation", "scheduler.js"));
        argv.addAll(List.of(arguments));
        process = new ProcessBuilder(argv)
                .directory(scripts.toFile())
                .redirectError(Files.createFile(log).toFile())
                .start();
        Thread reader = new Thread(this::read, "node");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("@ ")) {
                    told.add(JSON.readTree(line.substring(2)));
                }
            }
        } catch (IOException e) {
            return; // the process has ended; whoever waits for more will say so
        }
    }

    /**
     * The first thing told that fits and was not yet asked for. What was told before it is kept: an update and a message
     * are two requests of the executor, and nothing says which of them arrives first.
     */
    JsonNode await(Predicate<JsonNode> fits) throws InterruptedException {
        for (JsonNode earlier : passed) {
            if (fits.test(earlier)) {
                passed.remove(earlier);
                return earlier;
            }
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            JsonNode line = told.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new AssertionError("nothing like that was told, only " + passed);
            }
            if (fits.test(line)) {
                return line;
            }
            passed.add(line);
        }
    }

    JsonNode awaitUpdate(String taskPart, String state) throws InterruptedException {
        return await(line -> line.path("task").asText().contains(taskPart)
                && line.path("state").asText().equals(state));
    }

    void order(String json) throws IOException {
        OutputStream orders = process.getOutputStream();
        orders.write((json + "\n").getBytes(StandardCharsets.UTF_8));
        orders.flush();
    }

    boolean awaitExit() throws InterruptedException {
        return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
