package io.mooring.plugin.site;

import io.mooring.common.crashpoint.CrashPoints;
import io.mooring.plugin.app.PluginMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A plugin in a process of its own, on behalf of one host of a site. */
public final class PluginProcess {
    private static final Duration START = Duration.ofSeconds(10);

    private final Process process;
    private final PluginClient client;
    private final Path log;

    private PluginProcess(Process process, PluginClient client, Path log) {
        this.process = process;
        this.client = client;
        this.log = log;
    }

    static PluginProcess start(
            List<String> inside, Path config, Path pluginDirectory, String driver, Path log, Path points)
            throws IOException {
        List<String> command = new ArrayList<>(inside);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-D" + CrashPoints.PROPERTY + "=" + points,
                "-cp",
                System.getProperty("java.class.path"),
                PluginMain.class.getName(),
                "--config",
                config.toString(),
                "--plugin-dir",
                pluginDirectory.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new PluginProcess(process, new PluginClient(pluginDirectory.resolve(driver + ".sock")), log);
    }

    /** Waits until it answers. */
    public PluginProcess awaitReady() throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            try {
                if (client.call("/Plugin.Activate", "").status() == 200) {
                    return this;
                }
            } catch (UncheckedIOException e) {
                pause();
            }
        }
        throw new AssertionError("the plugin did not start:\n" + log());
    }

    public PluginClient client() {
        return client;
    }

    public String log() throws IOException {
        return Files.readString(log);
    }

    /** As kill -9 does. */
    public void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /** As kill does; returns the exit code. */
    public int stop() {
        process.destroy();
        return exitCode();
    }

    /** Waits for its end. */
    public int exitCode() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("the plugin does not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
