package io.mooring.scheduler.decision;

import io.mooring.common.ids.ClaimId;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Restarts on the same machine without a detach (T16): the ending task leaves its volumes mounted, and the next one of the
 * app takes them over there, within a short time. Not durable: a new leader has such volumes cleaned up instead.
 */
final class HandOvers {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final ClusterState state;
    private final Map<ClaimId, Instant> waiting = new HashMap<>();

    HandOvers(ClusterState state) {
        this.state = state;
    }

    /** Whether a task that has to make room for a newer one of its app should leave its volumes where they are. */
    boolean worthIt(Task task, App app) {
        List<Claim> claims = state.claimsOf(task.id());
        boolean goesOn = app.goal() == App.Goal.RUN && task.instance() < app.wantedInstances();
        return goesOn
                && task.kind() == TaskKind.RUN
                && task.state() == TaskState.RUNNING
                && !claims.isEmpty()
                && claims.stream().allMatch(claim -> claim.state() == ClaimState.MOUNTED && keeps(app, task, claim));
    }

    private boolean keeps(App app, Task task, Claim claim) {
        return state.volume(claim.volume())
                        .filter(volume -> volume.access() == AccessMode.SINGLE_WRITER)
                        .isPresent()
                && app.volumes(task.instance()).stream().anyMatch(spec -> spec.names(claim.volume()));
    }

    /** The task has ended and left the volume mounted. */
    void offer(Claim claim, Decision decision) {
        Instant until = decision.now().plus(WAIT);
        waiting.put(claim.id(), until);
        decision.effect(new Effect.StartTimer(new Timer.HandOverMissed(claim.id()), until));
    }

    /** Nobody came; the volume is cleaned up like any other. */
    void missed(ClaimId claim) {
        waiting.remove(claim);
    }

    boolean waiting(Claim claim) {
        return waiting.containsKey(claim.id()) && claim.state() == ClaimState.RELEASING;
    }

    /** The claim that the app's next task takes over, if one waits for it. */
    Optional<Claim> leaving(VolumeName volume, AppId app) {
        return state.claimsOn(volume).stream()
                .filter(claim -> waiting(claim) && claim.app().equals(Optional.of(app)))
                .findFirst();
    }
}
