package io.mooring.local.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one container may take, by cgroups of version 1, the only ones that Mesos 1.11 knows: shares of the cpus, and a
 * limit of memory. {@code --isolation=cgroups/cpu,cgroups/mem} with the default {@code --cgroups_root}.
 */
public final class ContainerLimits {
    private static final Path CPU = Path.of("/sys/fs/cgroup/cpu/mesos");
    private static final Path MEMORY = Path.of("/sys/fs/cgroup/memory/mesos");
    private static final long SHARES_PER_CPU = 1024;
    private static final long LEAST_SHARES = 2;
    private static final long MEGABYTE = 1L << 20;
    private static final long LEAST_MEMORY = 32 * MEGABYTE;
    private static final int ROUNDS = 50;
    private static final long PAUSE_MILLIS = 20;

    /** Joins the groups that are named before {@code --}, then becomes the program behind it. */
    private static final String JOIN =
            "while [ \"$1\" != -- ]; do echo $$ > \"$1/cgroup.procs\" || exit 125; shift; done; shift; exec \"$@\"";

    private final Path cpu;
    private final Path memory;

    private ContainerLimits(String containerId) {
        this.cpu = CPU.resolve(containerId);
        this.memory = MEMORY.resolve(containerId);
    }

    /** What is missing for limits on this machine; empty if nothing is. */
    public static Optional<String> objection() {
        for (Path group : List.of(CPU.getParent(), MEMORY.getParent())) {
            if (!Files.isDirectory(group) || !Files.exists(group.resolve("cgroup.procs"))) {
                return Optional.of("cgroups of version 1 are not mounted at " + group);
            }
            if (!Files.isWritable(group)) {
                return Optional.of("limits need root; " + group + " cannot be written");
            }
        }
        return Optional.empty();
    }

    /** Makes the groups of a container. @throws IOException if the kernel does not */
    public static ContainerLimits create(String containerId) throws IOException {
        ContainerLimits limits = new ContainerLimits(containerId);
        Files.createDirectories(limits.cpu);
        Files.createDirectories(limits.memory);
        return limits;
    }

    /** The groups that an earlier life of the agent made. */
    public static Optional<ContainerLimits> existing(String containerId) {
        ContainerLimits limits = new ContainerLimits(containerId);
        return Files.isDirectory(limits.memory) ? Optional.of(limits) : Optional.empty();
    }

    /** Sets what the container may take; the memory of a running one is only ever raised, as lowering it could kill. */
    public void set(double cpus, double megabytes) throws IOException {
        long shares = Math.max(LEAST_SHARES, (long) (cpus * SHARES_PER_CPU));
        Files.writeString(cpu.resolve("cpu.shares"), Long.toString(shares));
        long bytes = Math.max(LEAST_MEMORY, (long) (megabytes * MEGABYTE));
        Files.writeString(memory.resolve("memory.soft_limit_in_bytes"), Long.toString(bytes));
        boolean unused = Files.readString(memory.resolve("cgroup.procs")).isEmpty();
        if (unused || number("memory.limit_in_bytes") < bytes) {
            Files.writeString(memory.resolve("memory.limit_in_bytes"), Long.toString(bytes));
        }
    }

    /** The groups' directories. */
    public List<Path> groups() {
        return List.of(cpu, memory);
    }

    /** The program, but within these groups from its first instruction on. */
    public static List<String> within(List<Path> groups, List<String> program) {
        if (groups.isEmpty()) {
            return program;
        }
        List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", JOIN, "join"));
        groups.forEach(group -> argv.add(group.toString()));
        argv.add("--");
        argv.addAll(program);
        return argv;
    }

    /** True once the kernel has killed a process of the container for its memory. */
    public boolean exceeded() {
        try {
            return Files.readString(memory.resolve("memory.oom_control"))
                    .lines()
                    .anyMatch(line -> line.startsWith("oom_kill ") && !line.equals("oom_kill 0"));
        } catch (IOException e) {
            return false; // the container is gone
        }
    }

    /** The most memory that was in use, in megabytes. */
    public double peak() {
        return (double) number("memory.max_usage_in_bytes") / MEGABYTE;
    }

    /** In the original's words. */
    public String excess() {
        try {
            return "Memory limit exceeded: Requested: " + text(number("memory.limit_in_bytes")) + " Maximum Used: "
                    + text(number("memory.max_usage_in_bytes")) + "\n\nMEMORY STATISTICS: \n"
                    + Files.readString(memory.resolve("memory.stat")) + "\n";
        } catch (IOException e) {
            return "Memory limit exceeded: ";
        }
    }

    private static String text(long bytes) {
        if (bytes % MEGABYTE == 0) {
            return bytes / MEGABYTE + "MB";
        }
        return bytes % 1024 == 0 ? bytes / 1024 + "KB" : bytes + "B";
    }

    private long number(String file) {
        try {
            return Long.parseLong(Files.readString(memory.resolve(file)).strip());
        } catch (IOException e) {
            return 0;
        }
    }

    /** Removes the groups when their last process is gone; blocks for a moment. */
    public void remove() {
        for (Path group : groups()) {
            for (int round = 0;
                    round < ROUNDS && Files.exists(group) && !group.toFile().delete();
                    round++) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
