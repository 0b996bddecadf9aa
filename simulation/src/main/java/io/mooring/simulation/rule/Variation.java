package io.mooring.simulation.rule;

import io.mooring.scheduler.claim.ClaimState;
import io.mooring.simulation.executor.Disk;
import io.mooring.simulation.executor.ExecutorProcess.Leave;
import io.mooring.simulation.executor.ExecutorProcess.Trust;
import io.mooring.simulation.rule.Rule.Detach;
import io.mooring.simulation.storage.Plugin;
import io.mooring.simulation.store.Ensemble.EpochCheck;
import io.mooring.simulation.store.Ensemble.RollbackGuard;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is run: the product as it is, with a mistake in it, or with another rule in the place of its own. */
public record Variation(Rule rule, Optional<Mutant> mutant) {
    /** The product as it is. */
    public static final Variation NONE = new Variation(Rule.MOORING, Optional.empty());

    public static Variation of(Mutant mutant) {
        return new Variation(Rule.MOORING, Optional.of(mutant));
    }

    public static Variation of(Rule rule) {
        return new Variation(rule, Optional.empty());
    }

    private boolean is(Mutant which) {
        return mutant.equals(Optional.of(which));
    }

    /** Whether a seed goes on after something else than overlapping writers: to see whether it comes to that. */
    public boolean goesOnWhenBroken() {
        return rule != Rule.MOORING || mutant.isPresent();
    }

    /** What releases claims without evidence; empty if nothing does. */
    public Optional<LostHolders> lostHolders() {
        if (is(Mutant.RELEASE_ON_TIMEOUT)) {
            return Optional.of(new LostHolders(
                    Duration.ofMinutes(2), List.of(ClaimState.SUSPECT, ClaimState.RELEASING), Detach.NEVER));
        }
        return rule.patience().map(patience -> new LostHolders(patience, List.of(ClaimState.SUSPECT), rule.detach()));
    }

    public EpochCheck epochCheck() {
        return is(Mutant.NO_EPOCH_CHECK) ? EpochCheck.OFF : EpochCheck.ON;
    }

    public RollbackGuard rollbackGuard() {
        return is(Mutant.NO_ROLLBACK_GUARD) ? RollbackGuard.OFF : RollbackGuard.ON;
    }

    public boolean acknowledgesEarly() {
        return is(Mutant.ACK_BEFORE_COMMIT);
    }

    public Leave leave() {
        return is(Mutant.NO_ACTIVATION) ? Leave.UNASKED : Leave.AFTER_GO;
    }

    public Trust trust() {
        return is(Mutant.RELEASE_ON_UNMOUNT_ANSWER) ? Trust.THE_PLUGIN : Trust.THE_KERNEL;
    }

    public Disk.Locks locks() {
        return is(Mutant.REAPER_BY_PID) ? Disk.Locks.BY_PID : Disk.Locks.HEEDED;
    }

    /** The plugin's manner, of a kind that the seed draws. */
    public Plugin.Manner manner(Plugin.Kind kind) {
        return new Plugin.Manner(
                kind,
                is(Mutant.UNSERIALIZED_MOUNTS) ? Plugin.Lanes.SIDE_BY_SIDE : Plugin.Lanes.ONE_AT_A_TIME,
                rule.detach() == Detach.AT_MOUNT ? Plugin.Preempt.ON : Plugin.Preempt.OFF,
                is(Mutant.FENCE_WITHOUT_NUMBER) ? Plugin.Numbers.IGNORED : Plugin.Numbers.COMPARED);
    }
}
