package io.mooring.simulation.world;

import io.mooring.common.ids.FrameworkId;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Discrepancies;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Decision;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import io.mooring.simulation.executor.ExecutorProcess;
import io.mooring.simulation.executor.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The person who is called when the scheduler holds back. They do what the documentation says, and no more: safe mode ends
 * when no machine runs or mounts anything that is not on record.
 */
final class Operator {
    private static final String BY = "operator";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Cluster cluster;
    private final Consumer<Machine> reboot;
    private final Set<FrameworkId> givenUp = new HashSet<>();
    private Instant lastWord = Instant.EPOCH;

    /** @param reboot ends everything that a machine does */
    Operator(Cluster cluster, Consumer<Machine> reboot) {
        this.cluster = cluster;
        this.reboot = reboot;
    }

    /** Looks at what is held back, and lets go on what may. */
    void look(Decider decider, Decision decision) {
        ClusterState state = decider.state();
        if (state.hold(Hold.Kind.BRAKE).isPresent()) {
            decider.hold(Hold.Kind.BRAKE, false, BY, "seen to", decision);
        }
        boolean waitsLong = state.discrepancies().count(Discrepancies.Name.UNKNOWN_TASK) > 0
                && lastWord.plus(PATIENCE).isBefore(decision.now());
        if (state.hold(Hold.Kind.SAFE_MODE).isPresent() || waitsLong) {
            List<Machine> unaccounted = unaccounted();
            unaccounted.forEach(reboot);
            boolean listed = cluster.master().tasks().stream()
                    .anyMatch(task -> cluster.ensemble().durable().task(task).isEmpty());
            if (!unaccounted.isEmpty() || listed) {
                return;
            }
            lastWord = decision.now();
            decider.hold(Hold.Kind.SAFE_MODE, false, BY, "nothing runs that is not on record", decision);
        }
        state.volumes().stream()
                .filter(volume -> volume.state() == VolumeState.QUARANTINED)
                .map(Volume::name)
                .filter(name -> !cluster.backend().strangerHas(name.key()))
                .toList()
                .forEach(name -> decider.letGo(name, BY, "looked at it", decision));
    }

    /** The machines on which something runs, or is mounted, that is not on record. */
    private List<Machine> unaccounted() {
        return cluster.machines().stream().filter(this::unaccounted).toList();
    }

    private boolean unaccounted(Machine machine) {
        ClusterState durable = cluster.ensemble().durable();
        return machine.executors().stream().map(ExecutorProcess::task).anyMatch(task -> durable.task(task)
                        .isEmpty())
                || machine.kernel().claims().stream()
                        .anyMatch(claim -> durable.claim(claim).isEmpty())
                || machine.plugin().mountsToCome().stream()
                        .anyMatch(claim -> durable.claim(claim).isEmpty());
    }

    /** After a removal: the schedulers may register a new framework in the place of this one. */
    void startOver(FrameworkId removed) {
        givenUp.add(removed);
    }

    boolean startsOver(FrameworkId framework) {
        return givenUp.contains(framework);
    }
}
