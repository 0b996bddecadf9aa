package io.mooring.plugin.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.plugin.volume.FenceRules.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FenceRulesTest {
    private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");
    private static final HostIdentity A = new HostIdentity(new MachineKey("a"), new BootId("boot-a"));
    private static final HostIdentity B = new HostIdentity(new MachineKey("b"), new BootId("boot-b"));
    private static final HighWater FIVE = new HighWater(5, "claim-5");

    @Test
    void cutsOffExactlyTheHolderThatTheOrderNames() {
        assertThat(FenceRules.decide(held(A, 5), order("a", 5))).isInstanceOf(Verdict.Cut.class);
        assertThat(FenceRules.decide(
                        held(A, 5), new FenceOrder(A.host(), 5, Optional.of(A.bootId()), Optional.of("claim-5"))))
                .isInstanceOf(Verdict.Cut.class);
    }

    @Test
    void touchesNothingWhenHostOrFenceOrBootOrClaimIsAnother() {
        assertRefused(held(A, 5), order("a", 4));
        assertRefused(held(A, 5), order("a", 6));
        assertRefused(held(A, 5), order("b", 5));
        assertRefused(held(A, 5), new FenceOrder(A.host(), 5, Optional.of(B.bootId()), Optional.empty()));
        assertRefused(held(A, 5), new FenceOrder(A.host(), 5, Optional.empty(), Optional.of("claim-6")));
        Attachment docker = new Attachment(A, new Holder.DockerCaller(), SINCE, "", List.of(new MountId("x")));
        assertRefused(new Ownership.Attached(HighWater.NONE, docker), order("a", 5));
    }

    @Test
    void goesOnWithACutThatWasBegun() {
        Ownership cutting = new Ownership.Cutting(
                fenced(Standing.of(FIVE), 5), held(A, 5).attachments().get(0));
        assertThat(FenceRules.decide(cutting, order("a", 5))).isInstanceOf(Verdict.Cut.class);
        assertRefused(cutting, order("a", 6));
        assertRefused(cutting, order("b", 5));
    }

    @Test
    void isDoneWhenItWasDoneBeforeWhoeverHasTheVolumeNow() {
        assertThat(FenceRules.decide(new Ownership.Free(fenced(Standing.of(FIVE), 5)), order("a", 5)))
                .isInstanceOf(Verdict.Done.class);
        Ownership next = held(B, 6).with(fenced(Standing.of(new HighWater(6, "claim-6")), 5));
        assertThat(FenceRules.decide(next, order("a", 5))).isInstanceOf(Verdict.Done.class);
    }

    @Test
    void barsAHostThatHasNotAttachedYetUnlessTheOrderIsStale() {
        assertThat(FenceRules.decide(new Ownership.Free(HighWater.NONE), order("a", 5)))
                .isInstanceOf(Verdict.Bar.class);
        assertThat(FenceRules.decide(new Ownership.Free(FIVE), order("a", 5))).isInstanceOf(Verdict.Bar.class);
        assertRefused(new Ownership.Free(FIVE), order("a", 4));
    }

    @Test
    void dismissesOneReaderAndNoOther() {
        Attachment reader = new Attachment(
                A,
                new Holder.Claim("r", 7),
                SINCE,
                "",
                List.of(new MountId("mooring:r:7:ro"), new MountId("mooring:s:8:ro")));
        Ownership shared = new Ownership.Shared(Standing.of(FIVE), List.of(reader));
        assertThat(FenceRules.decide(shared, order("a", 8))).isEqualTo(new Verdict.Dismiss(reader));
        assertRefused(shared, order("a", 6));
        assertThat(FenceRules.decide(shared, order("b", 8))).isInstanceOf(Verdict.Bar.class);
    }

    private static void assertRefused(Ownership ownership, FenceOrder order) {
        assertThat(FenceRules.decide(ownership, order)).isInstanceOf(Verdict.Refuse.class);
    }

    private static FenceOrder order(String host, long fence) {
        return new FenceOrder(new MachineKey(host), fence, Optional.empty(), Optional.empty());
    }

    private static Ownership held(HostIdentity host, long fence) {
        String claim = "claim-" + fence;
        return new Ownership.Attached(
                new HighWater(fence, claim),
                new Attachment(
                        host,
                        new Holder.Claim(claim, fence),
                        SINCE,
                        "/dev/loop3",
                        List.of(new MountId("mooring:" + claim + ":" + fence))));
    }

    private static Standing fenced(Standing standing, long fence) {
        return standing.fencing(A.host(), new Fences.Fence(fence, Optional.of(A.bootId()), SINCE, OptionalLong.of(0)));
    }
}
