package io.mooring.executor.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.executor.mount.VolumeEffect.CloseJournal;
import io.mooring.executor.mount.VolumeEffect.Journal;
import io.mooring.executor.mount.VolumeEffect.ReportFailed;
import io.mooring.executor.mount.VolumeEffect.ReportReleased;
import io.mooring.executor.mount.VolumeEffect.RetryAfter;
import io.mooring.executor.mount.VolumeState.Attach;
import io.mooring.executor.mount.VolumeState.Boot;
import io.mooring.executor.mount.VolumeState.Creation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VolumeMachineTest {
    /** Every phase against every event: the phase after it, "." for an event that is late and changes nothing. */
    private static final String TABLE = """
                        GRANTED LOOKED   CREATED  MOUNTED  TAKEN_OVER CHECKED RELEASE_WANTED HAND_OVER_WANTED STRANGERS_SEEN FLIGHT_SEEN CONTAINER_REMOVED UNMOUNTED VERIFIED RETRY_DUE  GIVEN_UP
            CLAIMED     LOOKING .        .        .        .          .       RELEASED       RELEASED         .              .           .                 .         .        .          RELEASED
            LOOKING     .       MOUNTING .        .        .          .       .              .                .              .           .                 .         .        .          RELEASED
            CREATING    .       .        MOUNTING .        .          .       .              .                .              .           .                 .         .        .          RELEASED
            TAKING_OVER .       .        .        .        CHECKING   .       .              .                .              .           .                 .         .        .          RELEASED
            MOUNTING    .       .        .        CHECKING .          .       .              .                .              .           .                 .         .        .          RELEASED
            CHECKING    .       .        .        .        .          MOUNTED .              .                .              .           .                 .         .        .          RELEASED
            MOUNTED     .       .        .        .        .          .       UNMOUNTING     LEAVING          .              .           .                 .         .        .          RELEASED
            LEAVING     .       .        .        .        .          .       UNMOUNTING     .                RELEASED       .           .                 .         .        .          RELEASED
            FAILED      .       .        .        .        .          .       UNMOUNTING     UNMOUNTING       .              .           .                 .         .        .          RELEASED
            SETTLING    .       .        .        .        .          .       .              .                .              UNMOUNTING  .                 .         .        .          RELEASED
            EVICTING    .       .        .        .        .          .       .              .                .              .           UNMOUNTING        .         .        .          RELEASED
            UNMOUNTING  .       .        .        .        .          .       .              .                .              .           .                 VERIFYING .        .          RELEASED
            VERIFYING   .       .        .        .        .          .       .              .                .              .           .                 .         RELEASED .          RELEASED
            RETRYING    .       .        .        .        .          .       .              .                .              .           .                 .         .        UNMOUNTING RELEASED
            RELEASED    .       .        .        .        .          .       .              .                .              .           .                 .         .        .          .
            """;

    private static final MountFacts FACTS =
            new MountFacts("/v/data", "/v", MountKind.DEVICE, "7:3", "/dev/loop3", "ext4", "/", Optional.of("/pool/x"));
    private static final ReleaseFacts CLEAN = new ReleaseFacts(true, true, true, "");
    private static final ReleaseFacts HELD = new ReleaseFacts(true, true, false, "/dev/loop3 still holds /pool/x");

    private final VolumeMachine machine = new VolumeMachine();

    @Test
    void answersEveryEventInEveryPhase() {
        Map<VolumeEvent.Kind, VolumeEvent> events = events();
        List<String> lines = TABLE.lines().toList();
        String[] kinds = lines.get(0).strip().split(" +");
        assertThat(kinds).hasSize(VolumeEvent.Kind.values().length);
        assertThat(lines).hasSize(VolumePhase.values().length + 1);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(" +");
            VolumeState state = state(VolumePhase.valueOf(cells[0]));
            for (int i = 0; i < kinds.length; i++) {
                VolumeTransition transition = machine.next(state, events.get(VolumeEvent.Kind.valueOf(kinds[i])));
                String at = cells[0] + " on " + kinds[i];
                if (cells[i + 1].equals(".")) {
                    assertThat(transition.state()).as(at).isEqualTo(state);
                    assertThat(transition.effects()).as(at).isEmpty();
                } else {
                    assertThat(transition.state().phase()).as(at).isEqualTo(VolumePhase.valueOf(cells[i + 1]));
                    assertThat(transition.effects()).as(at).isNotEmpty();
                }
            }
        }
    }

    @Test
    void hasAPermittedEventForEachKind() {
        assertThat(VolumeEvent.class.getPermittedSubclasses()).hasSameSizeAs(VolumeEvent.Kind.values());
    }

    @Test
    void journalsAttachingBeforeThePluginIsAskedAnything() {
        List<VolumeEffect> effects = machine.next(state(VolumePhase.CLAIMED), new VolumeEvent.Granted())
                .effects();
        assertThat(effects)
                .containsExactly(new Journal(VolumeStep.ATTACHING, Optional.empty()), new VolumeEffect.LookUp());
    }

    @Test
    void leavesAVolumeMountedForASuccessorWithAnEntryThatSaysSo() {
        VolumeTransition asked = machine.next(state(VolumePhase.MOUNTED), new VolumeEvent.HandOverWanted());
        assertThat(asked.effects()).containsExactly(new VolumeEffect.LookForStrangers(FACTS));
        VolumeTransition handed = machine.next(asked.state(), new VolumeEvent.StrangersSeen(Optional.empty()));
        assertThat(handed.effects())
                .startsWith(new Journal(VolumeStep.HANDOVER, Optional.of(FACTS)), new VolumeEffect.LetGo());
        ReleasedVolume record = ((VolumeEffect.ReportReleased) handed.effects().get(2)).record();
        assertThat(record.handedOver()).isTrue();
        assertThat(record.workloadGone()).isTrue();
        assertThat(record.complete()).isFalse();
    }

    @Test
    void leavesNothingToASuccessorWhileAStrangerHasACopyOfTheMount() {
        VolumeTransition transition = machine.next(
                state(VolumePhase.LEAVING), new VolumeEvent.StrangersSeen(Optional.of("process 7 has a copy")));

        assertThat(transition.state().phase()).isEqualTo(VolumePhase.UNMOUNTING);
        assertThat(transition.effects()).containsExactly(new VolumeEffect.Unmount());
    }

    @Test
    void takesOverWhatItsPredecessorLeftWithoutAMount() {
        ClaimedVolume before = volume(CreatePolicy.NEVER);
        VolumeState inheriting = state(VolumePhase.CLAIMED).inheriting(before, FACTS);
        VolumeTransition granted = machine.next(inheriting, new VolumeEvent.Granted());
        assertThat(granted.effects())
                .containsExactly(
                        new Journal(VolumeStep.ATTACHING, Optional.of(FACTS)), new VolumeEffect.TakeOver(before));
        VolumeTransition taken =
                machine.next(granted.state(), new VolumeEvent.TakenOver(new Outcome.Done<>(Acknowledged.YES)));
        assertThat(taken.effects()).containsExactly(new VolumeEffect.Check("/v/data"));
        assertThat(machine.next(taken.state(), new VolumeEvent.Checked(new MountCheck.Fit(FACTS)))
                        .effects())
                .containsExactly(
                        new Journal(VolumeStep.MOUNTED, Optional.of(FACTS)),
                        new VolumeEffect.CloseInherited(before),
                        new VolumeEffect.ReportReady());
    }

    @Test
    void settlesATakeOverThatNobodyAnsweredLikeAMount() {
        VolumeState asked = state(VolumePhase.TAKING_OVER);
        VolumeTransition unknown = machine.next(asked, new VolumeEvent.TakenOver(new Outcome.Unknown<>("timeout")));
        assertThat(machine.next(unknown.state(), new VolumeEvent.ReleaseWanted())
                        .effects())
                .containsExactly(new VolumeEffect.AskFlight());
        VolumeTransition refused =
                machine.next(asked, new VolumeEvent.TakenOver(new Outcome.Refused<>(Refusal.REJECTED, "no")));
        VolumeTransition released = machine.next(refused.state(), new VolumeEvent.ReleaseWanted());
        assertThat(((VolumeEffect.ReportReleased) released.effects().get(2))
                        .record()
                        .neverAttached())
                .isTrue();
    }

    @Test
    void createsAMissingVolumeOnlyWhenThePolicySaysSo() {
        VolumeEvent absent = new VolumeEvent.Looked(new Outcome.Done<>(Existence.ABSENT));
        assertThat(machine.next(state(VolumePhase.LOOKING), absent).effects())
                .containsExactly(new VolumeEffect.Create());
        VolumeState never = VolumeState.claimed(volume(CreatePolicy.NEVER)).in(VolumePhase.LOOKING);
        assertThat(machine.next(never, absent).effects())
                .singleElement()
                .isInstanceOfSatisfying(ReportFailed.class, failed -> assertThat(failed.reason())
                        .contains("'never'"));
    }

    @Test
    void looksAgainWhenCreateIsRefusedOrUnanswered() {
        VolumeState creating = state(VolumePhase.CREATING).with(Creation.ASKED);
        VolumeTransition exists = machine.next(
                creating, new VolumeEvent.Created(new Outcome.Refused<>(Refusal.EXISTS, "already exists")));
        assertThat(exists.state().phase()).isEqualTo(VolumePhase.LOOKING);
        VolumeTransition there =
                machine.next(exists.state(), new VolumeEvent.Looked(new Outcome.Done<>(Existence.PRESENT)));
        assertThat(there.effects()).containsExactly(new VolumeEffect.Mount());
        assertThat(there.state().creation()).isEqualTo(Creation.ASKED);
        VolumeTransition absent =
                machine.next(exists.state(), new VolumeEvent.Looked(new Outcome.Done<>(Existence.ABSENT)));
        assertThat(absent.effects()).singleElement().isInstanceOf(ReportFailed.class);
    }

    @Test
    void neverCreatesWhenThePluginCannotSayWhetherTheVolumeExists() {
        VolumeTransition unknown =
                machine.next(state(VolumePhase.LOOKING), new VolumeEvent.Looked(new Outcome.Unknown<>("no answer")));
        assertThat(unknown.effects()).singleElement().isInstanceOf(ReportFailed.class);
    }

    @Test
    void asksThePluginWhetherAnUnansweredMountIsOverBeforeItUnmounts() {
        VolumeTransition failed = machine.next(
                state(VolumePhase.MOUNTING), new VolumeEvent.Mounted(new Outcome.Unknown<>("no answer in 600 s")));
        assertThat(failed.state().attach()).isEqualTo(Attach.UNCERTAIN);
        VolumeTransition settling = machine.next(failed.state(), new VolumeEvent.ReleaseWanted());
        assertThat(settling.effects()).containsExactly(new VolumeEffect.AskFlight());
        VolumeTransition busy =
                machine.next(settling.state(), new VolumeEvent.FlightSeen(Flight.BUSY, Optional.empty()));
        assertThat(busy.state().phase()).isEqualTo(VolumePhase.RETRYING);
        VolumeTransition again = machine.next(busy.state(), new VolumeEvent.RetryDue());
        assertThat(again.effects()).containsExactly(new VolumeEffect.AskFlight());
    }

    @Test
    void neverCallsAVolumeReleasedWhenAForeignPluginLeftAMountUnanswered() {
        VolumeState state = state(VolumePhase.SETTLING).with(Attach.UNCERTAIN);
        state = machine.next(state, new VolumeEvent.FlightSeen(Flight.UNTOLD, Optional.empty()))
                .state();
        state = machine.next(state, new VolumeEvent.Unmounted(new Outcome.Done<>(Acknowledged.YES)))
                .state();
        VolumeTransition end = machine.next(state, new VolumeEvent.Verified(CLEAN));
        assertThat(end.effects()).singleElement().isInstanceOfSatisfying(ReportReleased.class, released -> {
            assertThat(released.record().complete()).isFalse();
            assertThat(released.record().remark().orElseThrow()).contains("never answered");
        });
    }

    @Test
    void doesNotBelieveAnUnmountThatTheKernelContradicts() {
        VolumeTransition held =
                machine.next(state(VolumePhase.VERIFYING).afterUnmount(), new VolumeEvent.Verified(HELD));
        assertThat(held.state().phase()).isEqualTo(VolumePhase.RETRYING);
        assertThat(held.state().trouble()).contains("still holds");
        assertThat(held.effects()).containsExactly(new RetryAfter(Duration.ofMillis(100)));
        assertThat(machine.next(held.state(), new VolumeEvent.RetryDue()).effects())
                .containsExactly(new VolumeEffect.Verify(Optional.of(FACTS)));
    }

    @Test
    void believesTheKernelWhenThePluginSaysThatItDoesNotKnowTheVolume() {
        VolumeTransition unmounted = machine.next(
                state(VolumePhase.UNMOUNTING),
                new VolumeEvent.Unmounted(new Outcome.Refused<>(Refusal.NOT_FOUND, "resource not found")));
        VolumeTransition clean = machine.next(unmounted.state(), new VolumeEvent.Verified(CLEAN));
        assertThat(clean.effects()).first().isEqualTo(new Journal(VolumeStep.DETACHED, Optional.of(FACTS)));
        VolumeTransition held = machine.next(unmounted.state(), new VolumeEvent.Verified(HELD));
        assertThat(held.state().trouble()).contains("resource not found").contains("still holds");
        assertThat(machine.next(held.state(), new VolumeEvent.RetryDue()).effects())
                .containsExactly(new VolumeEffect.Unmount());
    }

    @Test
    void waitsLongerWithEachAttemptButNeverMoreThanTenSeconds() {
        VolumeState state = state(VolumePhase.VERIFYING).afterUnmount();
        Duration last = Duration.ZERO;
        for (int i = 0; i < 12; i++) {
            VolumeTransition held = machine.next(state.in(VolumePhase.VERIFYING), new VolumeEvent.Verified(HELD));
            Duration pause = ((RetryAfter) held.effects().get(0)).pause();
            assertThat(pause).isGreaterThanOrEqualTo(last).isLessThanOrEqualTo(Duration.ofSeconds(10));
            last = pause;
            state = held.state();
        }
        assertThat(last).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void closesTheJournalBeforeItReportsTheRelease() {
        assertThat(machine.next(state(VolumePhase.VERIFYING), new VolumeEvent.Verified(CLEAN))
                        .effects())
                .hasExactlyElementsOfTypes(Journal.class, CloseJournal.class, ReportReleased.class);
    }

    @Test
    void saysThatNothingWasAttachedWhenMountWasNeverSent() {
        VolumeTransition unreached = machine.next(
                state(VolumePhase.MOUNTING),
                new VolumeEvent.Mounted(new Outcome.Refused<>(Refusal.NOT_REACHED, "no plugin")));
        List<VolumeEffect> effects =
                machine.next(unreached.state(), new VolumeEvent.ReleaseWanted()).effects();
        assertThat(effects).last().isInstanceOfSatisfying(ReportReleased.class, released -> {
            assertThat(released.record().neverAttached()).isTrue();
            assertThat(released.record().complete()).isTrue();
        });
    }

    @Test
    void finishesWhatADeadExecutorBeganAccordingToItsJournal() {
        Map<VolumeStep, VolumeEffect> first = new EnumMap<>(VolumeStep.class);
        first.put(VolumeStep.INTENT, new Journal(VolumeStep.ABANDONED, Optional.empty()));
        first.put(VolumeStep.GO, new Journal(VolumeStep.ABANDONED, Optional.empty()));
        first.put(VolumeStep.ABANDONED, new Journal(VolumeStep.ABANDONED, Optional.empty()));
        first.put(VolumeStep.ATTACHING, new VolumeEffect.AskFlight());
        first.put(VolumeStep.MOUNTED, new VolumeEffect.Unmount());
        first.put(VolumeStep.HANDOVER, new VolumeEffect.Unmount());
        first.put(VolumeStep.UNMOUNTED, new VolumeEffect.Verify(Optional.of(FACTS)));
        first.put(VolumeStep.DETACHED, new VolumeEffect.Verify(Optional.of(FACTS)));
        for (VolumeStep step : VolumeStep.values()) {
            VolumeState left = VolumeState.leftBehind(entry(step, Optional.of(FACTS)), Boot.THIS);
            assertThat(machine.next(left, new VolumeEvent.ReleaseWanted()).effects())
                    .as(step.name())
                    .first()
                    .isEqualTo(first.get(step));
        }
    }

    @Test
    void takesAMountOfAnEarlierBootForSettled() {
        VolumeState left = VolumeState.leftBehind(entry(VolumeStep.ATTACHING, Optional.empty()), Boot.EARLIER);
        assertThat(machine.next(left, new VolumeEvent.ReleaseWanted()).effects())
                .containsExactly(new VolumeEffect.Unmount());
    }

    private static VolumeState state(VolumePhase phase) {
        VolumeState claimed = VolumeState.claimed(volume(CreatePolicy.IF_MISSING));
        return switch (phase) {
            case CLAIMED, LOOKING, CREATING -> claimed.in(phase);
            case MOUNTING -> claimed.in(phase).with(Attach.UNCERTAIN);
            case TAKING_OVER ->
                claimed.inheriting(volume(CreatePolicy.NEVER), FACTS).in(phase).with(Attach.UNCERTAIN);
            case CHECKING, MOUNTED, LEAVING, FAILED, SETTLING, UNMOUNTING, VERIFYING, RETRYING, RELEASED ->
                claimed.with(Attach.SETTLED).mountedAs(FACTS).in(phase);
            case EVICTING ->
                claimed.with(Attach.SETTLED)
                        .mountedAs(FACTS)
                        .in("mooring-claim-1")
                        .in(phase);
        };
    }

    private static Map<VolumeEvent.Kind, VolumeEvent> events() {
        Map<VolumeEvent.Kind, VolumeEvent> events = new EnumMap<>(VolumeEvent.Kind.class);
        for (VolumeEvent event : List.of(
                new VolumeEvent.Granted(),
                new VolumeEvent.Looked(new Outcome.Done<>(Existence.PRESENT)),
                new VolumeEvent.Created(new Outcome.Done<>(Acknowledged.YES)),
                new VolumeEvent.Mounted(new Outcome.Done<>("/v/data")),
                new VolumeEvent.Checked(new MountCheck.Fit(FACTS)),
                new VolumeEvent.ReleaseWanted(),
                new VolumeEvent.HandOverWanted(),
                new VolumeEvent.StrangersSeen(Optional.empty()),
                new VolumeEvent.TakenOver(new Outcome.Done<>(Acknowledged.YES)),
                new VolumeEvent.FlightSeen(Flight.NONE, Optional.empty()),
                new VolumeEvent.ContainerRemoved(new Outcome.Done<>(Acknowledged.YES)),
                new VolumeEvent.Unmounted(new Outcome.Done<>(Acknowledged.YES)),
                new VolumeEvent.Verified(CLEAN),
                new VolumeEvent.RetryDue(),
                new VolumeEvent.GivenUp())) {
            events.put(event.kind(), event);
        }
        return events;
    }

    @Test
    void hasTheContainerRemovedBeforeThePluginHearsAnything() {
        VolumeState inContainer = state(VolumePhase.MOUNTED).in("mooring-claim-1");
        VolumeTransition wanted = machine.next(inContainer, new VolumeEvent.ReleaseWanted());
        assertThat(wanted.effects()).containsExactly(new VolumeEffect.RemoveContainer("mooring-claim-1"));
        VolumeTransition gone =
                machine.next(wanted.state(), new VolumeEvent.ContainerRemoved(new Outcome.Done<>(Acknowledged.YES)));
        assertThat(gone.effects()).containsExactly(new VolumeEffect.Unmount());
        assertThat(gone.state().container()).isEmpty();
    }

    @Test
    void keepsAskingAnEngineThatDoesNotAnswerAndProvesNothingMeanwhile() {
        VolumeState evicting = state(VolumePhase.EVICTING);
        VolumeTransition silence = machine.next(
                evicting, new VolumeEvent.ContainerRemoved(new Outcome.Unknown<>("the engine does not answer")));
        assertThat(silence.state().phase()).isEqualTo(VolumePhase.RETRYING);
        assertThat(silence.effects()).singleElement().isInstanceOf(RetryAfter.class);
        VolumeTransition again = machine.next(silence.state(), new VolumeEvent.RetryDue());
        assertThat(again.effects()).containsExactly(new VolumeEffect.RemoveContainer("mooring-claim-1"));
        VolumeTransition over = machine.next(silence.state(), new VolumeEvent.GivenUp());
        ReleasedVolume record = ((ReportReleased) over.effects().get(0)).record();
        assertThat(record.workloadGone()).isFalse();
        assertThat(record.complete()).isFalse();
        assertThat(record.remark())
                .hasValueSatisfying(remark -> assertThat(remark).contains("mooring-claim-1", "does not answer"));
    }

    @Test
    void leavesNothingToASuccessorThatAContainerMayHave() {
        VolumeTransition wanted =
                machine.next(state(VolumePhase.MOUNTED).in("mooring-claim-1"), new VolumeEvent.HandOverWanted());
        assertThat(wanted.state().phase()).isEqualTo(VolumePhase.EVICTING);
    }

    @Test
    void removesTheContainerThatADeadExecutorMayHaveMade() {
        VolumeState left = VolumeState.leftBehind(
                entry(VolumeStep.MOUNTED, Optional.of(FACTS)).in("mooring-claim-1"), Boot.THIS);
        assertThat(machine.next(left, new VolumeEvent.ReleaseWanted()).effects())
                .containsExactly(new VolumeEffect.RemoveContainer("mooring-claim-1"));
        VolumeState unmounted = VolumeState.leftBehind(
                entry(VolumeStep.UNMOUNTED, Optional.of(FACTS)).in("mooring-claim-1"), Boot.THIS);
        assertThat(machine.next(unmounted, new VolumeEvent.ReleaseWanted()).effects())
                .containsExactly(new VolumeEffect.Verify(Optional.of(FACTS)));
    }

    private static JournalEntry entry(VolumeStep step, Optional<MountFacts> facts) {
        return new JournalEntry(
                volume(CreatePolicy.IF_MISSING),
                new TaskId("task-1"),
                new MachineKey("m"),
                new BootId("b"),
                step,
                facts);
    }

    private static ClaimedVolume volume(CreatePolicy create) {
        return new ClaimedVolume(
                new ClaimId("claim-1"),
                4,
                new VolumeRequest(
                        new DriverName("loop"),
                        new VolumeName("data"),
                        Map.of(),
                        Optional.empty(),
                        MountMode.READ_WRITE,
                        AccessMode.SINGLE_WRITER,
                        create));
    }
}
