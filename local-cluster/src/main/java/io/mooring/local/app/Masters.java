package io.mooring.local.app;

import io.mooring.local.link.Link;
import io.mooring.local.loop.EventLoop;
import io.mooring.local.master.Master;
import io.mooring.local.master.Registry;
import io.mooring.local.wire.Endpoint;
import io.mooring.local.wire.StreamFaults;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The masters of a cluster, the first of which leads. When the leader dies, the others send callers to it until its
 * session has run out; then the next one leads, with the same registry and nothing else. The dead one comes back behind
 * all others, as a supervisor would start it again.
 */
final class Masters implements AutoCloseable {
    /** A leader that is stopped, and how to let it go on. */
    private record Suspended(MasterProcess process, EventLoop.Timer thaw) {}

    private final ClusterSettings settings;
    private final Endpoint faults;
    private final StreamFaults streams;
    private final InstantSource clock;
    private final Supplier<List<Link>> links;
    private final Registry registry;
    private final Deque<MasterProcess> processes = new ArrayDeque<>();
    private Optional<Suspended> suspended = Optional.empty();
    private volatile Master leader;

    /** @param links of all agents, told who leads */
    Masters(
            ClusterSettings settings,
            Endpoint faults,
            StreamFaults streams,
            InstantSource clock,
            Supplier<List<Link>> links) {
        this.settings = settings;
        this.faults = faults;
        this.streams = streams;
        this.clock = clock;
        this.links = links;
        this.registry = new Registry(settings.registry());
    }

    void start() throws IOException {
        for (var each : settings.masters()) {
            MasterProcess process = new MasterProcess(each, 0, settings, faults, streams);
            processes.add(process);
            process.start();
        }
        elect(Duration.ZERO);
    }

    /** The master that leads, or led last. */
    Master leader() {
        return leader;
    }

    /** The ports, the leader's first. */
    synchronized List<Integer> ports() {
        return processes.stream().map(MasterProcess::port).toList();
    }

    private void elect(Duration recovery) {
        MasterProcess first = processes.getFirst();
        leader = first.elected(registry, clock);
        processes.stream().skip(1).forEach(other -> other.follow(first.port()));
        pause(recovery);
        first.recovered();
        links.get().forEach(link -> link.lead(leader));
    }

    /**
     * Kills the leader; returns when the next one leads.
     *
     * @param leaderless how long nobody leads
     * @param recovery how long the next one answers that it is not ready
     * @throws IOException if the port cannot be opened again
     */
    synchronized void failOver(Duration leaderless, Duration recovery) throws IOException {
        MasterProcess dead = processes.removeFirst();
        dead.kill();
        pause(leaderless);
        dead.forgotten();
        if (processes.isEmpty()) {
            again(dead);
            elect(recovery);
        } else {
            elect(recovery);
            again(dead);
        }
    }

    /** Stops the leader as SIGSTOP does; returns when its session has run out and the next one leads. */
    synchronized void suspend(Duration leaderless) throws IOException {
        if (processes.size() < 2 || suspended.isPresent()) {
            throw new IOException("only a leader with another master beside it can be suspended, and one at a time");
        }
        MasterProcess stopped = processes.removeFirst();
        suspended = Optional.of(new Suspended(stopped, leader.freeze()));
        pause(leaderless);
        stopped.forgotten();
        elect(Duration.ZERO);
    }

    /** A leader that finds that its session has run out ends itself; it is started again behind the others. */
    synchronized void resume() throws IOException {
        Suspended stopped = suspended.orElseThrow(() -> new IOException("no master is suspended"));
        suspended = Optional.empty();
        stopped.thaw().cancel();
        stopped.process().kill();
        again(stopped.process());
    }

    private void again(MasterProcess dead) throws IOException {
        MasterProcess fresh = new MasterProcess(dead.settings(), dead.port(), settings, faults, streams);
        fresh.start();
        processes.addLast(fresh);
        if (processes.getFirst() != fresh) {
            fresh.follow(processes.getFirst().port());
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        suspended.ifPresent(stopped -> {
            stopped.thaw().cancel();
            stopped.process().close();
        });
        List<MasterProcess> all = new ArrayList<>(processes);
        processes.clear();
        all.forEach(MasterProcess::close);
    }
}
