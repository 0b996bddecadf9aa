package io.mooring.scheduler.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state with every event, against one table that is written from the rules T1 to T16 and not from the code. */
class ClaimMachineTest {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");
    private static final BootId BOOT = new BootId("boot-1");
    private static final Evidence PROOF = new Evidence(Evidence.Code.E1, NOW, "executor", "let go");

    /** A state's name: goes there. stay: nothing new. refuse: must not count. free: released with the event's proof.
     * never: released because it was never activated. */
    private static final String TABLE = """
            event             RESERVED   ACTIVATED  MOUNTED    RELEASING  SUSPECT    FENCING
            ACTIVATE          ACTIVATED  stay       stay       refuse     refuse     refuse
            MOUNT             refuse     MOUNTED    stay       stay       stay       stay
            STOP              never      RELEASING  RELEASING  stay       stay       stay
            REVOKE            never      refuse     refuse     refuse     refuse     refuse
            RECORD_COMPLETE   never      free       free       free       free       free
            RECORD_MISSING    never      RELEASING  RELEASING  RELEASING  RELEASING  stay
            CONTACT_LOST      never      SUSPECT    SUSPECT    SUSPECT    stay       stay
            CONTACT_REGAINED  stay       stay       stay       stay       MOUNTED    stay
            BACKEND_CLEAR     stay       refuse     refuse     free       free       refuse
            REBOOT            never      free       free       free       free       free
            FENCE             refuse     refuse     refuse     FENCING    FENCING    stay
            FENCED            refuse     refuse     refuse     refuse     refuse     free
            CONFIRM           never      refuse     refuse     free       free       free
            STORE_WENT_BACK   RELEASING  stay       stay       stay       stay       stay
            """;

    static Stream<Arguments> cells() {
        List<String[]> rows =
                TABLE.lines().map(line -> line.trim().split(" +", -1)).toList();
        String[] header = rows.get(0);
        List<Arguments> cells = new ArrayList<>();
        for (String[] row : rows.subList(1, rows.size())) {
            for (int column = 1; column < header.length; column++) {
                cells.add(
                        Arguments.of(ClaimState.valueOf(header[column]), ClaimEvent.Kind.valueOf(row[0]), row[column]));
            }
        }
        return cells.stream();
    }

    @Test
    void tableNamesEveryStateWithEveryEvent() {
        assertThat(cells().map(cell -> cell.get()[0] + " " + cell.get()[1]).distinct())
                .hasSize(ClaimState.values().length * ClaimEvent.Kind.values().length);
    }

    @ParameterizedTest(name = "{0} on {1}: {2}")
    @MethodSource("cells")
    void answersEveryEventInEveryStateAsTheRulesSay(ClaimState state, ClaimEvent.Kind kind, String expected) {
        Claim claim = claim(state);

        Transition transition = ClaimMachine.on(claim, event(kind), NOW);

        switch (expected) {
            case "stay" -> assertThat(transition).isEqualTo(new Transition.Stay());
            case "refuse" -> assertThat(transition).isInstanceOf(Transition.Refuse.class);
            case "free" -> assertThat(transition).isEqualTo(new Transition.Release(claim, PROOF));
            case "never" ->
                assertThat(transition).isInstanceOfSatisfying(Transition.Release.class, release -> assertThat(
                                release.evidence().code())
                        .isEqualTo(Evidence.Code.NEVER_ACTIVATED));
            default ->
                assertThat(transition).isInstanceOfSatisfying(Transition.Move.class, move -> assertThat(
                                move.to().state())
                        .isEqualTo(ClaimState.valueOf(expected)));
        }
    }

    @Test
    void activatesForTheBootThatAsked() {
        Transition.Move move = (Transition.Move) ClaimMachine.on(claim(ClaimState.RESERVED), event("ACTIVATE"), NOW);

        assertThat(move.to().boot()).contains(BOOT);
        assertThat(move.to().since()).isEqualTo(NOW);
    }

    @Test
    void refusesASecondActivationByAnotherBoot() {
        for (ClaimState state : List.of(ClaimState.ACTIVATED, ClaimState.MOUNTED)) {
            ClaimEvent other = new ClaimEvent.Activate(new BootId("boot-2"));

            assertThat(ClaimMachine.on(claim(state), other, NOW)).isInstanceOf(Transition.Refuse.class);
        }
    }

    @Test
    void rememberTheStateBeforeSuspectAndReturnsToIt() {
        for (ClaimState before : List.of(ClaimState.ACTIVATED, ClaimState.MOUNTED, ClaimState.RELEASING)) {
            Transition.Move lost = (Transition.Move)
                    ClaimMachine.on(claim(before), new ClaimEvent.ContactLost("agent is unreachable"), NOW);
            assertThat(lost.to().before()).contains(before);
            assertThat(lost.to().trouble()).contains("agent is unreachable");

            Transition.Move back = (Transition.Move) ClaimMachine.on(
                    lost.to(), new ClaimEvent.ContactRegained(lost.to().before().orElseThrow()), NOW);
            assertThat(back.to().state()).isEqualTo(before);
            assertThat(back.to().trouble()).isEmpty();
        }
    }

    @Test
    void takesNoListAsProofWhileAnAttachMayBeOnItsWay() {
        Claim lost = claim(ClaimState.ACTIVATED).in(ClaimState.SUSPECT, NOW, Optional.empty());

        assertThat(ClaimMachine.on(lost, event("BACKEND_CLEAR"), NOW)).isInstanceOf(Transition.Refuse.class);
    }

    @Test
    void namesTheOperationThatCutsItsHolderOff() {
        Transition.Move move = (Transition.Move) ClaimMachine.on(claim(ClaimState.SUSPECT), event("FENCE"), NOW);

        assertThat(move.to().cutOff()).contains("op-1");
    }

    @Test
    void keepsTheTimeOfAStateThatDoesNotChange() {
        Transition.Move move = (Transition.Move)
                ClaimMachine.on(claim(ClaimState.RELEASING), new ClaimEvent.RecordMissing("no record"), NOW);

        assertThat(move.to().since()).isEqualTo(THEN);
        assertThat(move.to().trouble()).contains("no record");
    }

    private static ClaimEvent event(String kind) {
        return event(ClaimEvent.Kind.valueOf(kind));
    }

    private static ClaimEvent event(ClaimEvent.Kind kind) {
        return switch (kind) {
            case ACTIVATE -> new ClaimEvent.Activate(BOOT);
            case MOUNT -> new ClaimEvent.Mount();
            case STOP -> new ClaimEvent.Stop();
            case REVOKE -> new ClaimEvent.Revoke("timeout");
            case RECORD_COMPLETE -> new ClaimEvent.RecordComplete(PROOF);
            case RECORD_MISSING -> new ClaimEvent.RecordMissing("no record");
            case CONTACT_LOST -> new ClaimEvent.ContactLost("unreachable");
            case CONTACT_REGAINED -> new ClaimEvent.ContactRegained(ClaimState.MOUNTED);
            case BACKEND_CLEAR -> new ClaimEvent.BackendClear(PROOF);
            case REBOOT -> new ClaimEvent.Reboot(PROOF);
            case FENCE -> new ClaimEvent.Fence("op-1");
            case FENCED -> new ClaimEvent.Fenced(PROOF);
            case CONFIRM -> new ClaimEvent.Confirm(PROOF);
            case STORE_WENT_BACK -> new ClaimEvent.StoreWentBack("restored from an older copy");
        };
    }

    private static Claim claim(ClaimState state) {
        return new Claim(
                new ClaimId("claim-1"),
                new VolumeName("orders-db"),
                MountMode.READ_WRITE,
                7,
                false,
                3,
                Optional.empty(),
                new TaskId("task-1"),
                new AgentId("agent-1"),
                new MachineKey("machine-1"),
                state == ClaimState.RESERVED ? Optional.empty() : Optional.of(BOOT),
                Optional.empty(),
                state,
                THEN,
                state == ClaimState.SUSPECT ? Optional.of(ClaimState.MOUNTED) : Optional.empty(),
                state != ClaimState.RESERVED && state != ClaimState.ACTIVATED,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }
}
