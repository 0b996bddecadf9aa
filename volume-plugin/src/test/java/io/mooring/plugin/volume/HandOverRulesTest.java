package io.mooring.plugin.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HandOverRulesTest {
    private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");
    private static final HostIdentity HERE = new HostIdentity(new MachineKey("here"), new BootId("boot-2"));
    private static final MountId FIRST = new MountId("mooring:claim-a:5");
    private static final MountId SECOND = new MountId("mooring:claim-b:6");
    private static final MountId READER = new MountId("mooring:reader:7:ro");

    @Test
    void putsTheSuccessorInThePlaceOfItsPredecessorAndLiftsTheMark() {
        Ownership.Attached before = attached(HERE, FIRST, READER);
        Ownership after = HandOverRules.decide(before, HERE, FIRST, SECOND).orElseThrow();
        assertThat(after.highWater()).isEqualTo(new HighWater(6, "claim-b"));
        assertThat(after.attachments())
                .containsExactly(new Attachment(HERE, SECOND.holder(), SINCE, "/dev/loop3", List.of(SECOND, READER)));
        assertThat(HandOverRules.decide(after, HERE, FIRST, SECOND)).contains(after);
    }

    @Test
    void handsNothingOverThatThePredecessorHasNotHereAndNow() {
        HostIdentity there = new HostIdentity(new MachineKey("there"), HERE.bootId());
        HostIdentity before = new HostIdentity(HERE.host(), new BootId("boot-1"));
        assertThat(HandOverRules.decide(attached(there, FIRST), HERE, FIRST, SECOND))
                .isEmpty();
        assertThat(HandOverRules.decide(attached(before, FIRST), HERE, FIRST, SECOND))
                .isEmpty();
        assertThat(HandOverRules.decide(attached(HERE, SECOND), HERE, FIRST, new MountId("mooring:claim-c:9")))
                .isEmpty();
        assertThat(HandOverRules.decide(new Ownership.Free(HighWater.NONE), HERE, FIRST, SECOND))
                .isEmpty();
        Ownership attached = attached(HERE, FIRST);
        Ownership fenced = attached.with(attached.standing()
                .fencing(HERE.host(), new Fences.Fence(5, Optional.empty(), SINCE, OptionalLong.empty())));
        assertThat(HandOverRules.decide(fenced, HERE, FIRST, SECOND)).isEmpty();
    }

    @Test
    void handsOverToALaterClaimThatWritesOnly() {
        Ownership attached = attached(HERE, FIRST);
        for (String to : List.of("mooring:claim-b:4", "mooring:claim-b:5", "mooring:claim-b:6:ro", "docker")) {
            assertThat(HandOverRules.decide(attached, HERE, FIRST, new MountId(to)))
                    .as(to)
                    .isEmpty();
        }
    }

    private static Ownership.Attached attached(HostIdentity host, MountId... ids) {
        return new Ownership.Attached(
                new HighWater(5, "claim-a"), new Attachment(host, ids[0].holder(), SINCE, "/dev/loop3", List.of(ids)));
    }
}
