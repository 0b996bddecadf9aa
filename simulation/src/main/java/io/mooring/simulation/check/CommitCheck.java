package io.mooring.simulation.check;

import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence.Code;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.cluster.StoreRecord;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * What a transaction may never do, checked on what is durable and on a book of its own. It looks at the records as they
 * arrive at the store, whoever sent them.
 */
public final class CommitCheck {
    private final Findings findings;
    private final ToIntFunction<MachineKey> slots;
    private final Consumer<ReleasedClaim> released;
    private final Map<String, Long> fences = new HashMap<>();
    private final Map<ClaimId, Claim> activated = new HashMap<>();
    private final Set<ClaimId> granted = new HashSet<>();
    private boolean wentBack;
    private final Map<Code, Integer> freedBy = new EnumMap<>(Code.class);

    /**
     * @param slots how many volumes a machine can have attached
     * @param released is told of every release by something else than the operator's word
     */
    public CommitCheck(Findings findings, ToIntFunction<MachineKey> slots, Consumer<ReleasedClaim> released) {
        this.findings = findings;
        this.slots = slots;
        this.released = released;
    }

    /** The store holds an older copy: what its numbers were since then is forgotten, and safe mode is right from now on. */
    public void storeWentBack() {
        wentBack = true;
        fences.clear();
    }

    /** Looks at one change before it is applied. */
    public void before(StoreRecord change, ClusterState durable) {
        if (change instanceof StoreRecord.PutVolume put) {
            fence(put.volume().name().key(), put.volume().fence());
        } else if (change instanceof StoreRecord.RemoveVolume remove) {
            if (!durable.claimsOn(remove.name()).isEmpty()) {
                findings.broken(Invariant.I11, "volume " + remove.name() + " is taken off the record while it is held");
            }
        } else if (change instanceof StoreRecord.GrantClaim grant) {
            granted(grant.claim(), durable);
        } else if (change instanceof StoreRecord.PutClaim put) {
            changed(put.claim(), durable);
        } else if (change instanceof StoreRecord.ReleaseClaim release) {
            released(release.released(), durable);
        } else if (change instanceof StoreRecord.PutHold put
                && !wentBack
                && put.hold().on()
                && put.hold().kind() == Hold.Kind.SAFE_MODE) {
            findings.broken(Invariant.ALARM, put.hold().reason());
        }
    }

    /** Looks at what a whole transaction has made of it. */
    public void after(List<StoreRecord> batch, ClusterState durable) {
        for (StoreRecord change : batch) {
            if (change instanceof StoreRecord.RemoveTask remove
                    && !durable.claimsOf(remove.id()).isEmpty()) {
                findings.broken(Invariant.I5, "task " + remove.id() + " is taken off the record and has a claim");
            } else if (change instanceof StoreRecord.GrantClaim grant) {
                if (durable.task(grant.claim().task()).isEmpty()) {
                    findings.broken(Invariant.I5, "claim " + grant.claim().id() + " was granted to no task");
                }
                MachineKey machine = grant.claim().machine();
                long taken = durable.claims().stream()
                        .filter(claim -> claim.machine().equals(machine))
                        .count();
                if (taken > slots.applyAsInt(machine)) {
                    findings.broken(
                            Invariant.I9,
                            machine + " has " + taken + " claims and " + slots.applyAsInt(machine) + " attach slots");
                }
            }
        }
    }

    /** Whether the claim was ever activated, and for that machine and boot. */
    public boolean activated(ClaimId claim, long fence, MachineKey machine, String boot) {
        Claim known = activated.get(claim);
        return known != null
                && known.fence() == fence
                && known.machine().equals(machine)
                && known.boot().isPresent()
                && known.boot().get().value().equals(boot);
    }

    /** How many claims each kind of evidence has freed. */
    public Map<Code, Integer> freedBy() {
        return freedBy;
    }

    /** Checks that a task's claims were granted, all of them. */
    public void launched(TaskId task, List<ClaimId> claims) {
        for (ClaimId claim : claims) {
            if (!granted.contains(claim)) {
                findings.broken(Invariant.I5, "task " + task + " is launched without its claim " + claim);
            }
        }
    }

    private void fence(String volume, long fence) {
        if (fence < fences.getOrDefault(volume, 0L)) {
            findings.broken(Invariant.I2, "fence of " + volume + " goes from " + fences.get(volume) + " to " + fence);
        }
        fences.put(volume, fence);
    }

    private void granted(Claim claim, ClusterState durable) {
        if (!durable.claimsOn(claim.volume()).isEmpty()) {
            findings.broken(Invariant.I1, "a second claim on " + claim.volume());
        }
        for (ReleasedClaim past : durable.historyOf(claim.volume())) {
            if (past.claim().fence() >= claim.fence()) {
                findings.broken(
                        Invariant.I2,
                        "claim " + claim.id() + " has fence " + claim.fence() + ", an earlier one had "
                                + past.claim().fence());
            }
        }
        granted.add(claim.id());
    }

    private void changed(Claim claim, ClusterState durable) {
        ClaimState before = durable.claim(claim.id()).map(Claim::state).orElse(null);
        if (before == null) {
            findings.broken(Invariant.I1, "claim " + claim.id() + " goes on, but was never granted or is released");
            return;
        }
        if (before == ClaimState.FENCING && claim.state() != ClaimState.FENCING) {
            findings.broken(Invariant.I8, "claim " + claim.id() + " leaves FENCING for " + claim.state());
        }
        if (before == ClaimState.RESERVED && claim.state() == ClaimState.ACTIVATED) {
            activated.put(claim.id(), claim);
        }
    }

    private void released(ReleasedClaim release, ClusterState durable) {
        ClaimState before =
                durable.claim(release.claim().id()).map(Claim::state).orElse(null);
        if (before == null) {
            findings.broken(Invariant.I1, "claim " + release.claim().id() + " is released twice");
            return;
        }
        Code code = release.freedBy().code();
        freedBy.merge(code, 1, Integer::sum);
        boolean proof = before == ClaimState.RESERVED
                ? code == Code.NEVER_ACTIVATED
                : EnumSet.complementOf(EnumSet.of(Code.NEVER_ACTIVATED)).contains(code);
        if (!proof) {
            findings.broken(
                    Invariant.I4, "claim " + release.claim().id() + ", " + before + ", is released by " + code.word());
        }
        if (code != Code.E5) {
            released.accept(release);
        }
    }
}
