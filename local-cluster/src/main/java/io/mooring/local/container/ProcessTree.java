package io.mooring.local.container;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A process with all that descends from it, and all that shares a session with one of these: what Mesos' command executor
 * signals. The process that asks is never part of it.
 */
public final class ProcessTree {
    private final long root;

    public ProcessTree(long root) {
        this.root = root;
    }

    /** SIGTERM to every process of the tree. */
    public void terminate() {
        members().forEach(entry -> ProcessHandle.of(entry.pid()).ifPresent(ProcessHandle::destroy));
    }

    /** SIGKILL to every process of the tree. */
    public void kill() {
        members().forEach(entry -> ProcessHandle.of(entry.pid()).ifPresent(ProcessHandle::destroyForcibly));
    }

    private List<ProcessTable.Entry> members() {
        List<ProcessTable.Entry> all = ProcessTable.all();
        ProcessTable.Entry self =
                ProcessTable.find(ProcessHandle.current().pid()).orElseThrow();
        Set<Long> pids = new HashSet<>(Set.of(root));
        // A child that has just been started is in the session of its parent for a moment.
        Set<Long> sessions = new HashSet<>(Set.of(root));
        boolean grown = true;
        while (grown) {
            grown = false;
            for (ProcessTable.Entry entry : all) {
                boolean member = pids.contains(entry.pid())
                        || pids.contains(entry.parent())
                        || sessions.contains(entry.session());
                if (member && entry.session() != self.session()) {
                    sessions.add(entry.session());
                }
                grown |= member && entry.pid() != self.pid() && pids.add(entry.pid());
            }
        }
        return all.stream()
                .filter(entry -> pids.contains(entry.pid()) && !entry.zombie())
                .toList();
    }
}
