package io.mooring.scheduler.decision;

import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.command.TaskOrder.ObserveVolumes;
import io.mooring.common.command.TaskOrder.Predecessor;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.CutOff;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.placement.Candidate;
import io.mooring.scheduler.task.TaskKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One-shot tasks that speak to a backend through any agent that shares it: cut a machine off, look at attachments. */
final class BackendTasks {
    private final ClusterState state;
    private final Policy policy;
    private final OperationDecisions operations;
    private final ObservationDecisions observations;

    BackendTasks(ClusterState state, Policy policy, OperationDecisions operations, ObservationDecisions observations) {
        this.state = state;
        this.policy = policy;
        this.operations = operations;
        this.observations = observations;
    }

    boolean waiting(Instant now) {
        return state.cutOffs().stream().anyMatch(cutOff -> operations.due(OperationDecisions.fencing(cutOff), now))
                || !observations.due(now).isEmpty();
    }

    List<Launch> launchAt(Candidate candidate, Decision decision) {
        List<Launch> launches = new ArrayList<>();
        for (CutOff cutOff : List.copyOf(state.cutOffs())) {
            fence(cutOff, candidate, decision).ifPresent(launches::add);
        }
        for (DriverName driver : observations.due(decision.now())) {
            observe(driver, candidate, decision).ifPresent(launches::add);
        }
        return launches;
    }

    /** Not through the machine that is cut off: nothing that it says about itself would count. */
    private Optional<Launch> fence(CutOff cutOff, Candidate candidate, Decision decision) {
        boolean elsewhere = candidate.agent().machine().isPresent()
                && !candidate.agent().machine().get().equals(cutOff.machine());
        boolean due = operations.due(OperationDecisions.fencing(cutOff), decision.now());
        if (!elsewhere || !due || !shares(candidate, cutOff.driver()) || working(cutOff)) {
            return Optional.empty();
        }
        FenceHolder order = new FenceHolder(
                policy.epoch(),
                cutOff.id(),
                cutOff.driver(),
                cutOff.volume(),
                cutOff.machine(),
                cutOff.boot(),
                cutOff.claim(),
                cutOff.fence(),
                predecessor(cutOff));
        return operations.launch(
                TaskKind.FENCE, Optional.of(cutOff.volume()), List.of(cutOff.claim()), order, candidate, decision);
    }

    /** The claim that the one to be cut off takes over from; it ended in the same commit, so history has it. */
    private Optional<Predecessor> predecessor(CutOff cutOff) {
        Optional<Claim> before = state.claim(cutOff.claim())
                .or(() -> past(cutOff, cutOff.claim()))
                .flatMap(Claim::takesOver)
                .flatMap(claim -> past(cutOff, claim));
        return before.map(claim -> new Predecessor(claim.id(), claim.fence()));
    }

    private Optional<Claim> past(CutOff cutOff, ClaimId claim) {
        return state.historyOf(cutOff.volume()).stream()
                .map(ReleasedClaim::claim)
                .filter(past -> past.id().equals(claim))
                .findFirst();
    }

    private boolean working(CutOff cutOff) {
        return state.operations().stream()
                .anyMatch(task -> task.kind() == TaskKind.FENCE
                        && task.state().live()
                        && task.claims().contains(cutOff.claim()));
    }

    private Optional<Launch> observe(DriverName driver, Candidate candidate, Decision decision) {
        boolean busy = state.operations().stream()
                .anyMatch(task -> task.kind() == TaskKind.OBSERVE
                        && task.state().live()
                        && task.target().isEmpty());
        if (busy || !shares(candidate, driver) || !operations.hasRoom(candidate)) {
            return Optional.empty();
        }
        List<VolumeName> names = observations.take(driver, decision);
        if (names.isEmpty()) {
            return Optional.empty();
        }
        return operations.launch(
                TaskKind.OBSERVE,
                Optional.empty(),
                List.of(),
                new ObserveVolumes(policy.epoch(), driver, names),
                candidate,
                decision);
    }

    /** Whether the candidate's plugin speaks for the same storage as every other agent's. */
    private static boolean shares(Candidate candidate, DriverName driver) {
        return candidate
                .agent()
                .plugin(driver)
                .filter(plugin -> plugin.healthy() && plugin.globalScope())
                .isPresent();
    }
}
