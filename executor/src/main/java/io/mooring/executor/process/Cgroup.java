package io.mooring.executor.process;

import io.mooring.common.command.TaskOrder.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A workload's share of the machine, below the executor's own: memory is a limit, processors are a weight, as Mesos has
 * them. Only with cgroups of version 1, and where they may be written; elsewhere the workload has no limits of its own, and
 * the log says so.
 */
final class Cgroup {
    private static final Logger log = LoggerFactory.getLogger(Cgroup.class);

    private static final String PREFIX = "mooring-";
    private static final long MIB = 1L << 20;
    /** As Mesos: less than that is not enough to start anything. */
    private static final long LEAST_MIB = 32;

    private static final int SHARES_OF_A_CORE = 1024;
    private static final int LEAST_SHARES = 2;
    /** What is older and empty is a dead executor's. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private static final int ATTEMPTS = 50;
    private static final long PAUSE_MILLIS = 20;

    private final List<Path> directories = new ArrayList<>();
    private Optional<Path> memory = Optional.empty();

    private Cgroup() {}

    /** Makes one; without any directory where nothing can be made. */
    static Cgroup make(Path root, Path ownCgroups, String task, Limits limits) {
        Cgroup group = new Cgroup();
        group.limit(root, ownCgroups, task, "cpu", "cpu.shares", shares(limits));
        if (limits.memMb() > 0) {
            long bytes = Math.max(LEAST_MIB, (long) limits.memMb()) * MIB;
            group.memory = group.limit(root, ownCgroups, task, "memory", "memory.limit_in_bytes", bytes);
        }
        return group;
    }

    private static long shares(Limits limits) {
        return Math.max(LEAST_SHARES, (long) (limits.cpus() * SHARES_OF_A_CORE));
    }

    private Optional<Path> limit(Path root, Path own, String task, String controller, String file, long value) {
        try {
            Optional<Path> parent = parent(root, own, controller);
            if (parent.isEmpty()) {
                log.info("no cgroup of version 1 for {}: the workload has no limit of its own there", controller);
                return Optional.empty();
            }
            sweep(parent.get());
            Path directory = Files.createDirectory(parent.get().resolve(PREFIX + task));
            directories.add(directory);
            Files.writeString(directory.resolve(file), Long.toString(value));
            return Optional.of(directory);
        } catch (IOException e) {
            log.info("the workload has no limit of its own for {}: {}", controller, e.getMessage());
            return Optional.empty();
        }
    }

    /** Where this process is in the hierarchy of a controller. */
    private static Optional<Path> parent(Path root, Path own, String controller) throws IOException {
        for (String line : Files.readAllLines(own, StandardCharsets.UTF_8)) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && List.of(fields[1].split(",")).contains(controller)) {
                Path directory = root.resolve(controller).resolve(fields[2].substring(1));
                return Files.isDirectory(directory) ? Optional.of(directory) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static void sweep(Path parent) throws IOException {
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path sibling : siblings) {
                Instant made = Files.getLastModifiedTime(sibling).toInstant();
                if (made.isBefore(Instant.now().minus(FRESH))) {
                    delete(sibling);
                }
            }
        }
    }

    /** The kernel refuses it while a process is in it. */
    private static boolean delete(Path directory) {
        try {
            return Files.deleteIfExists(directory);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Takes in a process and what it has started; whatever it starts from now on is in it too.
     *
     * @throws IOException when there is a limit, and it would not hold
     */
    void enter(ProcessHandle process) throws IOException {
        for (Path directory : directories) {
            enter(directory, process.pid());
            for (ProcessHandle child : process.descendants().toList()) {
                if (child.isAlive()) {
                    enter(directory, child.pid());
                }
            }
        }
    }

    private static void enter(Path directory, long pid) throws IOException {
        Files.writeString(directory.resolve("cgroup.procs"), Long.toString(pid));
    }

    /** Whether the kernel ended a process of it because there was no memory left. */
    boolean ranOutOfMemory() {
        try {
            return memory.isPresent()
                    && Files.readAllLines(memory.get().resolve("memory.oom_control")).stream()
                            .anyMatch(line -> line.startsWith("oom_kill ") && !line.equals("oom_kill 0"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes it, once its last process is gone. */
    void remove() throws InterruptedException {
        for (Path directory : directories) {
            for (int i = 0; i < ATTEMPTS && Files.exists(directory) && !delete(directory); i++) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }
}
