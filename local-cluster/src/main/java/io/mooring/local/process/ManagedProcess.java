package io.mooring.local.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One process of the cluster: started, started again when it ends by itself, and ended when it should. */
final class ManagedProcess {
    private static final long PAUSE_MILLIS = 1000;

    private final String name;
    private final List<String> command;
    private final Path log;
    private final LocalSettings.Restart restart;
    private final Consumer<String> changed;
    private Process process;
    private boolean stopping;
    private int ends;

    /** @param changed is told what happened, in words, whenever the process ends by itself or is started again */
    ManagedProcess(
            String name, List<String> command, Path log, LocalSettings.Restart restart, Consumer<String> changed) {
        this.name = name;
        this.command = List.copyOf(command);
        this.log = log;
        this.restart = restart;
        this.changed = changed;
    }

    String name() {
        return name;
    }

    List<String> command() {
        return command;
    }

    Path log() {
        return log;
    }

    synchronized long pid() {
        return process == null ? 0 : process.pid();
    }

    synchronized boolean alive() {
        return process != null && process.isAlive();
    }

    /** How often it ended by itself. */
    synchronized int ends() {
        return ends;
    }

    synchronized void start() throws IOException {
        if (stopping) {
            return;
        }
        // In a session of its own: Ctrl-C at a terminal goes to the whole foreground group, and only the supervisor may
        // get
        // it, or the scheduler and the agents are gone before the claims are released.
        List<String> detached = new ArrayList<>(List.of("setsid"));
        detached.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(detached);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // The processes get what a program needs to run, not whatever the person's shell has in it.
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(key -> key.startsWith("MESOS_") || key.startsWith("MOORING_"));
        process = builder.start();
        Process started = process;
        Thread watch = new Thread(() -> watch(started), "watch-" + name);
        watch.setDaemon(true);
        watch.start();
    }

    private void watch(Process started) {
        try {
            started.waitFor();
            ended(started);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ended(Process gone) {
        synchronized (this) {
            if (stopping || gone != process) {
                return;
            }
            ends++;
        }
        String how = name + " (pid " + gone.pid() + ") ended with status " + gone.exitValue() + "; its log: " + log;
        if (restart == LocalSettings.Restart.NEVER) {
            changed.accept(how);
            return;
        }
        try {
            Thread.sleep(PAUSE_MILLIS);
            start();
            changed.accept(how + "; started again as pid " + pid());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            changed.accept(how + "; it cannot be started again: " + e.getMessage());
        }
    }

    /** Asks the process to end, and does not wait for that. */
    synchronized void terminate() {
        stopping = true;
        if (process != null) {
            process.destroy();
        }
    }

    /** Asks the process to end, and makes it end after the grace. */
    void stop(long graceMillis) {
        terminate();
        Process current;
        synchronized (this) {
            current = process;
        }
        if (current == null) {
            return;
        }
        try {
            if (!current.waitFor(graceMillis, TimeUnit.MILLISECONDS)) {
                current.destroyForcibly();
                current.waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            current.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
