package io.mooring.executor.mounttable;

import io.mooring.executor.engine.MountView;
import io.mooring.executor.mount.MountFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds who serves a unix socket, and asks the kernel what is mounted in their namespaces. */
public final class ServerMounts implements MountView {
    /** A socket that accepts connections, as {@code /proc/net/unix} writes it. */
    private static final String LISTENS = "00010000";

    private static final int FLAGS = 3;
    private static final int INODE = 6;
    private static final int PATH = 7;

    private final Kernel kernel;

    public ServerMounts(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public Optional<String> hiddenFrom(Path socket, MountFacts facts) {
        try {
            List<Long> servers = servers(socket.toRealPath());
            if (servers.isEmpty()) {
                return Optional.of("no process of this machine is seen to serve " + socket
                        + ", so it is not known whether it sees the volume; the executor has to run as root in the"
                        + " machine's PID namespace");
            }
            for (long pid : servers) {
                Optional<MountInfo> mounts = kernel.mountsOf(pid);
                if (mounts.isPresent() && !shows(pid, mounts.get(), facts)) {
                    return Optional.of("process " + pid + ", which serves " + socket + ", does not see the volume at "
                            + facts.path() + ": it is in a mount namespace that the plugin's mounts do not reach");
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("who serves " + socket + " cannot be found out: " + e.getMessage());
        }
    }

    @Override
    public Optional<String> outOfReach(Path socket) {
        long self = ProcessHandle.current().pid();
        Optional<String> ours = kernel.namespace(self, "mnt");
        Optional<MountInfo> here = kernel.mountsOf(self);
        try {
            for (long pid : servers(socket.toRealPath())) {
                Optional<String> theirs = kernel.namespace(pid, "mnt");
                Optional<MountInfo> there = kernel.mountsOf(pid);
                boolean apart = theirs.isPresent() && !theirs.equals(ours) && there.isPresent() && here.isPresent();
                if (apart && !there.get().connectedTo(here.get())) {
                    return Optional.of(
                            "process " + pid + ", which serves " + socket + ", is in a mount namespace of its"
                                    + " own that no mount of this machine reaches; start it without one, or have it follow the"
                                    + " machine's mounts (shared, or slave)");
                }
            }
        } catch (IOException e) {
            return Optional.empty(); // whether a volume is seen is found out before its container is made
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> missingAt(long pid, MountFacts facts) {
        return kernel.mountsOf(pid)
                .filter(mounts -> !mounts.shows(facts.device(), facts.source()))
                .map(mounts -> "process " + pid + " does not have the volume that is mounted at " + facts.path());
    }

    /**
     * What the processes that serve a socket were started with. There may be passwords among it: it is for questions, not
     * for logs.
     */
    public List<String> startedWith(Path socket) {
        try {
            return servers(socket.toRealPath()).stream()
                    .flatMap(pid -> kernel.startedWith(pid).stream())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The table, and what a look along the path meets: something else may be mounted over it. */
    private boolean shows(long pid, MountInfo mounts, MountFacts facts) throws IOException {
        Optional<MountEntry> on = mounts.containing(Path.of(facts.path()));
        return on.isPresent()
                && on.get().device().equals(facts.device())
                && on.get().source().equals(facts.source())
                && kernel.sameDirectory(pid, Path.of(facts.path()));
    }

    private List<Long> servers(Path socket) throws IOException {
        Set<String> sockets = new HashSet<>();
        Set<String> networks = new HashSet<>();
        List<Long> processes = kernel.processes();
        for (long pid : processes) {
            Optional<String> network = kernel.namespace(pid, "net");
            if (network.isPresent() && networks.add(network.get())) {
                kernel.unixSockets(pid).forEach(line -> inode(line, socket).ifPresent(sockets::add));
            }
        }
        List<Long> servers = new ArrayList<>();
        for (long pid : processes) {
            if (!sockets.isEmpty() && kernel.holdsAny(pid, sockets)) {
                servers.add(pid);
            }
        }
        return servers;
    }

    /** Its path may be written by way of a symbolic link, such as the one from /var/run to /run. */
    private static Optional<String> inode(String line, Path socket) {
        String[] fields = line.strip().split(" +", PATH + 1);
        if (fields.length <= PATH || !fields[FLAGS].equals(LISTENS)) {
            return Optional.empty();
        }
        try {
            Path path = Path.of(fields[PATH]);
            return path.equals(socket) || path.toRealPath().equals(socket)
                    ? Optional.of("socket:[" + fields[INODE] + "]")
                    : Optional.empty();
        } catch (IOException | java.nio.file.InvalidPathException e) {
            return Optional.empty(); // not a path here
        }
    }
}
