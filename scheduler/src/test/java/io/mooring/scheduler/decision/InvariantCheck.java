package io.mooring.scheduler.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence.Code;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.volume.FenceClass;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The invariants that a decision can break, checked from its records alone: it keeps its own book of
 * fences and claim states, so that a mistake in the state's indexes cannot hide one.
 */
final class InvariantCheck {
    private final Map<String, Long> fences = new HashMap<>();
    private final Map<String, Long> granted = new HashMap<>();
    private final Map<String, ClaimId> holders = new HashMap<>();
    private final Map<ClaimId, Claim> claims = new HashMap<>();
    private final Map<String, Volume> volumes = new HashMap<>();
    private final Set<TaskId> tasks = new HashSet<>();

    /** Checks one decision, after it was applied to the state. */
    void after(Decision decision, ClusterState state, Policy policy) {
        for (StoreRecord change : decision.records()) {
            follow(change, policy);
        }
        state.volumes().forEach(volume -> assertThat(
                        state.claimsOn(volume.name()).stream().filter(claim -> !claim.shared()))
                .as("I1: writers of %s", volume.name())
                .hasSizeLessThanOrEqualTo(1));
        state.claims().forEach(claim -> assertThat(tasks)
                .as("I5: the task of claim %s is on record", claim.id())
                .contains(claim.task()));
        assertThat(Set.copyOf(state.claims())).isEqualTo(Set.copyOf(claims.values()));
        volumes.values().stream()
                .filter(volume -> volume.state() != VolumeState.QUARANTINED)
                .forEach(volume -> assertThat(volume.state() == VolumeState.IN_USE)
                        .as("%s is IN_USE exactly while there is a claim", volume.name())
                        .isEqualTo(!state.claimsOn(volume.name()).isEmpty()));
        decision.effects().stream()
                .filter(Effect.AcceptOffers.class::isInstance)
                .flatMap(effect -> ((Effect.AcceptOffers) effect).launches().stream())
                .forEach(launch -> launched(launch, decision, state));
    }

    private void follow(StoreRecord change, Policy policy) {
        if (change instanceof StoreRecord.PutVolume put) {
            String key = put.volume().name().key();
            assertThat(put.volume().fence())
                    .as("I2: the fence of %s never goes down", key)
                    .isGreaterThanOrEqualTo(fences.getOrDefault(key, 0L));
            fences.put(key, put.volume().fence());
            volumes.put(key, put.volume());
        } else if (change instanceof StoreRecord.RemoveVolume remove) {
            assertThat(holders)
                    .as("%s is removed while it is held", remove.name())
                    .doesNotContainKey(remove.name().key());
            fences.remove(remove.name().key());
            granted.remove(remove.name().key());
            volumes.remove(remove.name().key());
        } else if (change instanceof StoreRecord.PutTask put) {
            tasks.add(put.task().id());
        } else if (change instanceof StoreRecord.RemoveTask remove) {
            tasks.remove(remove.id());
        } else if (change instanceof StoreRecord.GrantClaim grant) {
            granted(grant.claim());
        } else if (change instanceof StoreRecord.PutClaim put) {
            assertThat(claims)
                    .as("I1: a claim goes on that was granted")
                    .containsKey(put.claim().id());
            Claim before = claims.put(put.claim().id(), put.claim());
            assertThat(before.state() == ClaimState.FENCING && put.claim().state() != ClaimState.FENCING)
                    .as("I8: fencing is irreversible")
                    .isFalse();
        } else if (change instanceof StoreRecord.ReleaseClaim release) {
            released(release.released().claim(), release.released().freedBy().code(), policy);
        }
    }

    private void granted(Claim claim) {
        String key = claim.volume().key();
        if (!claim.shared()) {
            assertThat(holders).as("I1: a second writer of %s", key).doesNotContainKey(key);
            holders.put(key, claim.id());
        }
        assertThat(claim.fence())
                .as("I2: fences of claims on %s rise", key)
                .isGreaterThan(granted.getOrDefault(key, 0L))
                .isEqualTo(fences.get(key));
        assertThat(claim.state()).isEqualTo(ClaimState.RESERVED);
        granted.put(key, claim.fence());
        claims.put(claim.id(), claim);
    }

    private void released(Claim claim, Code code, Policy policy) {
        Claim before = claims.remove(claim.id());
        assertThat(before).as("I1: a claim is released once").isNotNull();
        holders.remove(claim.volume().key(), claim.id());
        FenceClass fenceClass =
                policy.declaredClass(volumes.get(claim.volume().key()).driver());
        assertThat(code)
                .as("I4: what released %s, which was %s", claim.id(), before.state())
                .isIn(allowed(before.state(), fenceClass));
    }

    private static Set<Code> allowed(ClaimState before, FenceClass fenceClass) {
        if (before == ClaimState.RESERVED) {
            return EnumSet.of(Code.NEVER_ACTIVATED);
        }
        EnumSet<Code> codes = EnumSet.of(Code.E1, Code.E1B, Code.E4, Code.E5);
        if (fenceClass == FenceClass.A || fenceClass == FenceClass.B) {
            codes.add(Code.E3);
        }
        if (fenceClass == FenceClass.B) {
            codes.add(Code.E2);
        }
        return codes;
    }

    /** I5: task and all its claims are recorded by the very decision that launches it. */
    private static void launched(Launch launch, Decision decision, ClusterState state) {
        assertThat(decision.records())
                .as("I5: the task of launch %s is recorded with it", launch.task())
                .anyMatch(change -> change instanceof StoreRecord.PutTask put
                        && put.task().id().equals(launch.task()));
        if (!(launch.order() instanceof RunWorkload run)) {
            return;
        }
        List<Claim> grants = decision.records().stream()
                .filter(StoreRecord.GrantClaim.class::isInstance)
                .map(change -> ((StoreRecord.GrantClaim) change).claim())
                .filter(claim -> claim.task().equals(launch.task()))
                .toList();
        App app = state.task(launch.task())
                .flatMap(t -> t.app())
                .flatMap(state::app)
                .orElseThrow();
        assertThat(grants)
                .as("I5: all claims of launch %s are granted with it", launch.task())
                .hasSize(app.definition().volumes().size());
        assertThat(run.volumes().stream().map(volume -> volume.claim() + " " + volume.fence()))
                .containsExactlyElementsOf(grants.stream()
                        .map(claim -> claim.id() + " " + claim.fence())
                        .toList());
    }
}
