package io.mooring.local.container;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes of one executor run. Without cgroups a process belongs to it when it descends from the first one, is in a
 * session of one that does, or was started with the sandbox in its environment: so a daemonised child is found too, as
 * the freezer of a real agent finds it.
 */
public final class Container {
    private static final Logger LOG = LoggerFactory.getLogger(Container.class);
    private static final int ROUNDS = 50;
    private static final long PAUSE_MILLIS = 20;

    private final long pid;
    private final long startTicks;
    private final String sandbox;

    /**
     * @param pid of the first process
     * @param startTicks when it started, in clock ticks since the boot
     * @param sandbox what {@code MESOS_SANDBOX} says in its environment
     */
    public Container(long pid, long startTicks, String sandbox) {
        this.pid = pid;
        this.startTicks = startTicks;
        this.sandbox = sandbox;
    }

    public long pid() {
        return pid;
    }

    public long startTicks() {
        return startTicks;
    }

    /** True while the first process runs. */
    public boolean isAlive() {
        return ProcessTable.find(pid)
                .filter(entry -> entry.startTicks() == startTicks && !entry.zombie())
                .isPresent();
    }

    /** SIGKILL to every process of the container, again and again until none is left. */
    public void destroy() {
        for (int round = 0; round < ROUNDS; round++) {
            List<ProcessTable.Entry> members = members();
            if (members.isEmpty()) {
                return;
            }
            members.forEach(Container::kill);
            pause();
        }
        LOG.atWarn().addKeyValue("sandbox", sandbox).log("container still has processes after SIGKILL");
    }

    /** What all of its processes have taken, and hold now. */
    public ProcessTable.Usage usage() {
        return members().stream()
                .map(entry -> ProcessTable.usage(entry.pid()))
                .reduce(ProcessTable.Usage.NONE, ProcessTable.Usage::plus);
    }

    private static void kill(ProcessTable.Entry entry) {
        ProcessHandle.of(entry.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<ProcessTable.Entry> members() {
        List<ProcessTable.Entry> all = ProcessTable.all();
        Set<Long> pids = new HashSet<>();
        Set<Long> sessions = new HashSet<>();
        if (all.stream().noneMatch(entry -> entry.pid() == pid && entry.startTicks() != startTicks)) {
            pids.add(pid);
            sessions.add(pid);
        }
        String marker = "MESOS_SANDBOX=" + sandbox;
        boolean grown = true;
        while (grown) {
            grown = false;
            for (ProcessTable.Entry entry : all) {
                boolean member = pids.contains(entry.parent())
                        || sessions.contains(entry.session())
                        || ProcessTable.hasVariable(entry.pid(), marker);
                if (member && pids.add(entry.pid())) {
                    sessions.add(entry.session());
                    grown = true;
                }
            }
        }
        return all.stream()
                .filter(entry -> pids.contains(entry.pid()) && !entry.zombie())
                .toList();
    }
}
