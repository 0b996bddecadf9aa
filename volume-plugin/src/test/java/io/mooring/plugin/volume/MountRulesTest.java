package io.mooring.plugin.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.plugin.volume.MountRules.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MountRulesTest {
    private static final HostIdentity HERE = new HostIdentity(new MachineKey("here"), new BootId("boot-2"));
    private static final HostIdentity THERE = new HostIdentity(new MachineKey("there"), new BootId("boot-2"));
    private static final HostIdentity HERE_BEFORE = new HostIdentity(new MachineKey("here"), new BootId("boot-1"));
    private static final MountId DOCKER = new MountId("8df7101991998c8f");
    private static final MountId CLAIM_5 = new MountId("mooring:claim-a:5");
    private static final MountId CLAIM_6 = new MountId("mooring:claim-b:6");

    @Test
    void attachesFreeVolume() {
        assertThat(decide(free(0, ""), DOCKER)).isInstanceOf(Verdict.Acquire.class);
        assertThat(decide(free(4, "x"), CLAIM_5)).isInstanceOf(Verdict.Acquire.class);
        assertThat(decide(free(5, "claim-a"), CLAIM_5)).isInstanceOf(Verdict.Acquire.class);
    }

    @Test
    void namesHostTimeClaimAndFenceWhenAnotherHostHasIt() {
        assertThat(refusal(decide(attached(THERE, CLAIM_5), CLAIM_6)))
                .isEqualTo("in use by host there since 2026-01-02T03:04:05Z (claim claim-a, fence 5)");
        assertThat(refusal(decide(attached(THERE, DOCKER), DOCKER)))
                .isEqualTo("in use by host there since 2026-01-02T03:04:05Z (a Docker caller)");
    }

    @Test
    void countsOneMoreUseForTheSameHolder() {
        assertThat(decide(attached(HERE, DOCKER), new MountId("other"))).isInstanceOf(Verdict.Join.class);
        assertThat(decide(attached(HERE, CLAIM_5), CLAIM_5)).isInstanceOf(Verdict.Join.class);
    }

    @Test
    void keepsDockerCallersAndClaimsApartOnOneHost() {
        assertThat(decide(attached(HERE, CLAIM_5), DOCKER)).isInstanceOf(Verdict.Refuse.class);
        assertThat(decide(attached(HERE, DOCKER), CLAIM_5)).isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void refusesClaimThatANewerOneHasOvertaken() {
        assertThat(refusal(decide(attached(HERE, CLAIM_6), CLAIM_5)))
                .contains("fence 5", "stale", "fence 6", "claim-b");
        assertThat(decide(free(6, "claim-b"), CLAIM_5)).isInstanceOf(Verdict.Refuse.class);
        assertThat(decide(free(5, "claim-x"), CLAIM_5)).isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void releasesAnOlderClaimOfThisHostBeforeANewerOneAttaches() {
        assertThat(decide(attached(HERE, CLAIM_5), CLAIM_6)).isInstanceOf(Verdict.ReleaseFirst.class);
    }

    @Test
    void releasesWhatAnEarlierBootOfThisHostLeft() {
        assertThat(decide(attached(HERE_BEFORE, DOCKER), DOCKER)).isInstanceOf(Verdict.ReleaseFirst.class);
        assertThat(decide(attached(HERE_BEFORE, CLAIM_5), CLAIM_6)).isInstanceOf(Verdict.ReleaseFirst.class);
        assertThat(decide(attached(HERE_BEFORE, CLAIM_6), CLAIM_5)).isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void keepsOutAHostThatWasCutOffUntilNothingOfItsOldAccessCanBeLeft() {
        Ownership afterCut = fenced(free(5, "claim-a"), HERE.bootId(), OptionalLong.of(0));
        assertThat(refusal(decide(afterCut, CLAIM_5))).contains("cut off", "fence 5");
        assertThat(refusal(decide(afterCut, CLAIM_6))).contains("cut off", "fence 5");
        assertThat(refusal(decide(afterCut, DOCKER))).contains("cut off");
        assertThat(refusal(decide(afterCut, new MountId("mooring:reader:6:ro"))))
                .contains("cut off");
        Ownership inEarlierBoot = fenced(free(5, "claim-a"), HERE_BEFORE.bootId(), OptionalLong.of(0));
        assertThat(decide(inEarlierBoot, CLAIM_6)).isInstanceOf(Verdict.ForgiveFirst.class);
        assertThat(decide(inEarlierBoot, CLAIM_5)).isInstanceOf(Verdict.Refuse.class);
        assertThat(decide(inEarlierBoot, DOCKER)).isInstanceOf(Verdict.Refuse.class);
        Ownership neverAttached = fenced(free(0, ""), HERE.bootId(), OptionalLong.empty());
        assertThat(decide(neverAttached, CLAIM_6)).isInstanceOf(Verdict.ForgiveFirst.class);
        assertThat(decide(neverAttached, CLAIM_5)).isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void givesNobodyAVolumeWhoseHolderIsBeingCutOff() {
        Ownership cutting = new Ownership.Cutting(
                Standing.of(new HighWater(5, "claim-a")), ((Ownership.Attached) attached(THERE, CLAIM_5)).attachment());
        assertThat(refusal(decide(cutting, CLAIM_6))).contains("host there", "being cut off");
        assertThat(refusal(decide(cutting, DOCKER))).contains("being cut off");
    }

    @Test
    void preemptsForADockerCallerFromADockerCallerOnly() {
        for (Ownership held : List.of(
                attached(THERE, DOCKER),
                new Ownership.Cutting(Standing.NEW, ((Ownership.Attached) attached(THERE, DOCKER)).attachment()))) {
            assertThat(MountRules.decide(held, HERE, DOCKER, Preempt.ON)).isInstanceOf(Verdict.PreemptFirst.class);
            assertThat(MountRules.decide(held, HERE, CLAIM_6, Preempt.ON)).isInstanceOf(Verdict.Refuse.class);
            assertThat(MountRules.decide(held, HERE, DOCKER, Preempt.OFF)).isInstanceOf(Verdict.Refuse.class);
        }
        assertThat(refusal(MountRules.decide(attached(THERE, CLAIM_5), HERE, DOCKER, Preempt.ON)))
                .contains("never takes a volume from a claim");
    }

    @Test
    void letsAPreemptedHostComeBackOnceItIsCleanedUp() {
        Ownership preempted = new Ownership.Free(Standing.NEW.fencing(
                HERE.host(),
                new Fences.Fence(
                        0, Optional.of(HERE.bootId()), Instant.parse("2026-01-02T03:04:05Z"), OptionalLong.of(0))));
        assertThat(decide(preempted, DOCKER)).isInstanceOf(Verdict.ForgiveFirst.class);
        assertThat(decide(preempted, CLAIM_5)).isInstanceOf(Verdict.ForgiveFirst.class);
    }

    @Test
    void letsManyHostsReadAndNoneWriteBeside() {
        MountId reader = new MountId("mooring:reader:7:ro");
        Attachment there = ((Ownership.Attached) attached(THERE, new MountId("mooring:other:8:ro"))).attachment();
        Ownership shared = new Ownership.Shared(Standing.of(new HighWater(6, "claim-b")), List.of(there));
        assertThat(decide(shared, reader)).isInstanceOf(Verdict.Acquire.class);
        assertThat(refusal(decide(shared, new MountId("mooring:claim-c:9")))).contains("host there", "to read");
        assertThat(refusal(decide(shared, DOCKER))).contains("to read");
        assertThat(decide(shared, new MountId("mooring:late:5:ro"))).isInstanceOf(Verdict.Refuse.class);
        Attachment before = ((Ownership.Attached) attached(HERE_BEFORE, reader)).attachment();
        assertThat(decide(new Ownership.Shared(Standing.NEW, List.of(before)), reader))
                .isInstanceOf(Verdict.ReleaseFirst.class);
        Attachment own = ((Ownership.Attached) attached(HERE, reader)).attachment();
        assertThat(decide(new Ownership.Shared(Standing.NEW, List.of(there, own)), new MountId("mooring:x:9:ro")))
                .isInstanceOf(Verdict.Join.class);
    }

    @Test
    void letsAReaderJoinItsWriterOnOneHostOnly() {
        MountId reader = new MountId("mooring:reader:7:ro");
        assertThat(decide(attached(HERE, CLAIM_6), reader)).isInstanceOf(Verdict.Join.class);
        assertThat(refusal(decide(attached(THERE, CLAIM_6), reader))).contains("beside its writer only");
        assertThat(decide(attached(HERE, DOCKER), reader)).isInstanceOf(Verdict.Refuse.class);
        assertThat(decide(attached(HERE_BEFORE, CLAIM_6), reader)).isInstanceOf(Verdict.Refuse.class);
    }

    private static Ownership fenced(Ownership ownership, BootId boot, OptionalLong generation) {
        return ownership.with(ownership
                .standing()
                .fencing(
                        HERE.host(),
                        new Fences.Fence(5, Optional.of(boot), Instant.parse("2026-01-02T03:04:05Z"), generation)));
    }

    private static Verdict decide(Ownership ownership, MountId id) {
        return MountRules.decide(ownership, HERE, id, Preempt.OFF);
    }

    private static String refusal(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Refuse.class);
        return ((Verdict.Refuse) verdict).reason();
    }

    private static Ownership free(long fence, String claim) {
        return new Ownership.Free(new HighWater(fence, claim));
    }

    private static Ownership attached(HostIdentity host, MountId id) {
        Attachment attachment =
                new Attachment(host, id.holder(), Instant.parse("2026-01-02T03:04:05Z"), "/dev/loop3", List.of(id));
        return new Ownership.Attached(HighWater.NONE.raisedTo(id.holder()), attachment);
    }
}
