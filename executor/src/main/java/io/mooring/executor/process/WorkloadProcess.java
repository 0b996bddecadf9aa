package io.mooring.executor.process;

import io.mooring.executor.run.Exit;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A started workload: its PID namespace, and the file in which the namespace's first process tells how it ended. */
final class WorkloadProcess {
    private static final Duration START_DEADLINE = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 10;
    private static final int MOST_STATUS_BYTES = 4096;
    /** The namespace's first process, and the one that waits for the workload. Neither is the task's. */
    private static final long LAST_OWN_PID = 2;

    private final Process process;
    private final InputStream status;
    private final ProcessTable processes;
    private final String namespace;

    private WorkloadProcess(Process process, InputStream status, ProcessTable processes, String namespace) {
        this.process = process;
        this.status = status;
        this.processes = processes;
        this.namespace = namespace;
    }

    /**
     * Waits until the PID namespace is there, then lets the workload go.
     *
     * @param process that waits for a line on its input
     * @param status what it writes of its end
     * @param confine is done when all that there is of it waits, and before it goes
     */
    static WorkloadProcess release(Process process, InputStream status, ProcessTable processes, Confinement confine)
            throws IOException, InterruptedException {
        String own =
                processes.pidNamespaceOfChildren(ProcessHandle.current().pid()).orElse("");
        long deadline = System.nanoTime() + START_DEADLINE.toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            Optional<String> namespace = processes.pidNamespaceOfChildren(process.pid());
            if (namespace.isPresent() && !namespace.get().equals(own)) {
                try {
                    confine.apply();
                } catch (IOException e) {
                    process.destroyForcibly().waitFor();
                    throw e;
                }
                try (OutputStream input = process.getOutputStream()) {
                    input.write("go\n".getBytes(StandardCharsets.US_ASCII));
                }
                return new WorkloadProcess(process, status, processes, namespace.get());
            }
            Thread.sleep(1);
        }
        process.destroyForcibly().waitFor();
        throw new IOException("the workload's PID namespace could not be made; its stderr says why");
    }

    /** Sets a bound to a workload that has not begun. */
    interface Confinement {
        void apply() throws IOException;
    }

    /** Waits for the end of the workload and of everything else in its namespace. */
    Exit await() throws InterruptedException {
        process.waitFor();
        // Its first process waits for all others, unless what waits for it was killed itself.
        while (!members().isEmpty()) {
            enforce();
            Thread.sleep(POLL_MILLIS);
        }
        return exit();
    }

    private Exit exit() {
        try (status) {
            String text = new String(status.readNBytes(MOST_STATUS_BYTES), StandardCharsets.UTF_8);
            List<String> lines = text.lines().toList();
            String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
            if (!last.startsWith("exit ")) {
                return new Exit.Signal(9);
            }
            int status = Integer.parseInt(last.substring("exit ".length()));
            return lines.size() == 1 ? new Exit.Status(status) : new Exit.Signal(status & 0x7f);
        } catch (IOException | NumberFormatException e) {
            return new Exit.Lost("how it ended is not known: " + e.getMessage());
        }
    }

    /** SIGTERM to all of the task's processes. The first one would not notice: it has no handler for it. */
    void terminate() {
        for (long pid : members()) {
            if (processes.innermostPid(pid).orElse(0) > LAST_OWN_PID) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
            }
        }
    }

    /** SIGKILL to the first process; the kernel then kills all others. */
    void enforce() {
        for (long pid : members()) {
            if (processes.innermostPid(pid).orElse(0) == 1) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    /** The first process of its PID namespace; empty when that is gone. */
    OptionalLong firstProcess() {
        return members().stream()
                .filter(pid -> processes.innermostPid(pid).orElse(0) == 1)
                .mapToLong(Long::longValue)
                .findFirst();
    }

    /** The processes that are left, with their states. */
    String remaining() {
        List<Long> members = members();
        if (members.isEmpty()) {
            return "no process is left";
        }
        long pid = members.get(members.size() - 1);
        return members.size() + " processes are left; process " + pid + " is in state "
                + processes.state(pid).orElse("gone");
    }

    private List<Long> members() {
        return processes.inPidNamespace(namespace);
    }
}
