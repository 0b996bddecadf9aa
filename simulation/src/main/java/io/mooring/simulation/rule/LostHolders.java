package io.mooring.simulation.rule;

import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Decision;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.VolumeState;
import io.mooring.simulation.rule.Rule.Detach;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Releases claims because time has passed, as the rules of others do, and takes the task off the record, so that it is
 * killed when it comes back.
 */
public record LostHolders(Duration patience, List<ClaimState> states, Detach detach) {
    /**
     * One look at all claims.
     *
     * @return the volumes that were freed
     */
    public List<VolumeName> release(Decider decider, Decision decision) {
        List<VolumeName> freed = new ArrayList<>();
        for (ClaimState lost : states) {
            for (Claim claim : decider.state().claimsIn(lost)) {
                if (!claim.since().plus(patience).isAfter(decision.now())) {
                    release(claim, decider, decision);
                    freed.add(claim.volume());
                }
            }
        }
        return freed;
    }

    private void release(Claim claim, Decider decider, Decision decision) {
        Evidence word = new Evidence(
                Evidence.Code.E5, decision.now(), "the rule", claim.state() + " for " + patience.toSeconds() + " s");
        decision.record(new StoreRecord.ReleaseClaim(new ReleasedClaim(claim.with(word), word, decision.now())));
        decider.state()
                .volume(claim.volume())
                .filter(volume -> volume.state() == VolumeState.IN_USE)
                .ifPresent(volume ->
                        decision.record(new StoreRecord.PutVolume(volume.in(VolumeState.AVAILABLE, decision.now()))));
        decider.state()
                .task(claim.task())
                .filter(task -> task.state() == TaskState.UNREACHABLE || task.state() == TaskState.ENDED)
                .filter(task -> decider.state().claimsOf(task.id()).isEmpty())
                .ifPresent(task -> decision.record(new StoreRecord.RemoveTask(task.id())));
    }
}
