package io.mooring.plugin.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.plugin.volume.UnmountRules.Verdict;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UnmountRulesTest {
    private static final HostIdentity HERE = new HostIdentity(new MachineKey("here"), new BootId("boot-2"));
    private static final HostIdentity THERE = new HostIdentity(new MachineKey("there"), new BootId("boot-2"));
    private static final HostIdentity HERE_BEFORE = new HostIdentity(new MachineKey("here"), new BootId("boot-1"));

    @Test
    void keepsVolumeMountedWhileAnotherUseGoesOn() {
        Verdict verdict = decide(attached(HERE, "a", "b"), "a", UsedCount.HONOURED);
        assertThat(verdict).isInstanceOf(Verdict.Drop.class);
        assertThat(((Verdict.Drop) verdict).rest().mountIds()).containsExactly(new MountId("b"));
    }

    @Test
    void releasesWithTheLastUse() {
        assertThat(decide(attached(HERE, "a"), "a", UsedCount.HONOURED)).isInstanceOf(Verdict.Release.class);
        assertThat(decide(attached(HERE, ""), "", UsedCount.HONOURED)).isInstanceOf(Verdict.Release.class);
    }

    @Test
    void ignoresUsesThatAreNotKnown() {
        assertThat(decide(attached(HERE, "a"), "x", UsedCount.HONOURED)).isInstanceOf(Verdict.Nothing.class);
        assertThat(decide(attached(THERE, "a"), "a", UsedCount.HONOURED)).isInstanceOf(Verdict.Nothing.class);
    }

    @Test
    void looksAtDevicesWhenNobodyHasIt() {
        assertThat(decide(new Ownership.Free(HighWater.NONE), "a", UsedCount.HONOURED))
                .isInstanceOf(Verdict.CheckFree.class);
    }

    @Test
    void endsAllDockerUsesWhenTheCountIsIgnored() {
        assertThat(decide(attached(HERE, "a", "b"), "x", UsedCount.IGNORED)).isInstanceOf(Verdict.Release.class);
    }

    @Test
    void neverEndsTheUseOfAClaimForADockerCallerEvenWhenTheCountIsIgnored() {
        assertThat(decide(attached(HERE, "mooring:c:1"), "x", UsedCount.IGNORED))
                .isInstanceOf(Verdict.Nothing.class);
        assertThat(decide(attached(HERE, "mooring:c:1"), "mooring:d:2", UsedCount.IGNORED))
                .isInstanceOf(Verdict.Nothing.class);
    }

    @Test
    void releasesWhatAnEarlierBootLeft() {
        assertThat(decide(attached(HERE_BEFORE, "a", "b"), "x", UsedCount.HONOURED))
                .isInstanceOf(Verdict.Release.class);
    }

    private static Verdict decide(Ownership ownership, String id, UsedCount usedCount) {
        return UnmountRules.decide(ownership, HERE, new MountId(id), usedCount);
    }

    private static Ownership attached(HostIdentity host, String... ids) {
        Attachment attachment = new Attachment(
                host,
                new MountId(ids[0]).holder(),
                Instant.EPOCH,
                "/dev/loop3",
                Arrays.stream(ids).map(MountId::new).toList());
        return new Ownership.Attached(HighWater.NONE, attachment);
    }
}
