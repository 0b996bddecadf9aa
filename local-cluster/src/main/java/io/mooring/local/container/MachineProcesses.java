package io.mooring.local.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All processes of the machine that an agent plays: those with a sandbox of the agent in their environment, those with a
 * path of the machine's run directory among their arguments, and all that descend from them or are in their sessions.
 */
public final class MachineProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final int ROUNDS = 100;
    private static final long PAUSE_MILLIS = 20;

    private final String sandboxes;
    private final Optional<Path> runDir;

    /** @param workDir the agent's, with the sandboxes below it */
    public MachineProcesses(Path workDir, Optional<Path> runDir) {
        this.sandboxes = "MESOS_SANDBOX=" + workDir + "/";
        this.runDir = runDir;
    }

    /**
     * SIGKILL to all of them, until none of those that were there is left; what somebody starts meanwhile is of the next
     * life.
     *
     * @throws IOException naming one that does not go away
     */
    public void killAll() throws IOException {
        List<ProcessTable.Entry> doomed = members();
        for (int round = 0; round < ROUNDS; round++) {
            List<ProcessTable.Entry> left =
                    doomed.stream().filter(MachineProcesses::lives).toList();
            if (left.isEmpty()) {
                return;
            }
            left.forEach(entry -> ProcessHandle.of(entry.pid()).ifPresent(ProcessHandle::destroyForcibly));
            pause();
        }
        throw new IOException("process " + doomed.get(0).pid() + " of the machine does not end after SIGKILL");
    }

    private static boolean lives(ProcessTable.Entry entry) {
        return ProcessTable.find(entry.pid())
                .filter(now -> now.startTicks() == entry.startTicks() && !now.zombie())
                .isPresent();
    }

    private List<ProcessTable.Entry> members() {
        List<ProcessTable.Entry> all = ProcessTable.all();
        ProcessTable.Entry self =
                ProcessTable.find(ProcessHandle.current().pid()).orElseThrow();
        Set<Long> pids = new HashSet<>();
        Set<Long> sessions = new HashSet<>();
        boolean grown = true;
        while (grown) {
            grown = false;
            for (ProcessTable.Entry entry : all) {
                boolean member = pids.contains(entry.parent())
                        || sessions.contains(entry.session())
                        || (!pids.contains(entry.pid()) && named(entry.pid()));
                if (member && entry.pid() != self.pid() && pids.add(entry.pid())) {
                    grown = true;
                    if (entry.session() != self.session()) {
                        sessions.add(entry.session());
                    }
                }
            }
        }
        return all.stream()
                .filter(entry -> pids.contains(entry.pid()) && !entry.zombie())
                .toList();
    }

    private boolean named(long pid) {
        return strings(pid, "environ").stream().anyMatch(variable -> variable.startsWith(sandboxes))
                || runDir.filter(directory -> strings(pid, "cmdline").stream()
                                .anyMatch(argument -> argument.startsWith(directory + "/")))
                        .isPresent();
    }

    private static List<String> strings(long pid, String file) {
        try {
            byte[] content = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve(file));
            return Arrays.asList(new String(content, StandardCharsets.ISO_8859_1).split("\0"));
        } catch (IOException e) {
            return List.of(); // it ended, or it is not ours
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
