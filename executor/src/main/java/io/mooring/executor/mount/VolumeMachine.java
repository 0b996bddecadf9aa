package io.mooring.executor.mount;

import io.mooring.common.volume.CreatePolicy;
import io.mooring.executor.mount.VolumeEffect.AskFlight;
import io.mooring.executor.mount.VolumeEffect.Check;
import io.mooring.executor.mount.VolumeEffect.CloseInherited;
import io.mooring.executor.mount.VolumeEffect.CloseJournal;
import io.mooring.executor.mount.VolumeEffect.Create;
import io.mooring.executor.mount.VolumeEffect.Journal;
import io.mooring.executor.mount.VolumeEffect.LetGo;
import io.mooring.executor.mount.VolumeEffect.LookForStrangers;
import io.mooring.executor.mount.VolumeEffect.LookUp;
import io.mooring.executor.mount.VolumeEffect.Mount;
import io.mooring.executor.mount.VolumeEffect.RemoveContainer;
import io.mooring.executor.mount.VolumeEffect.ReportFailed;
import io.mooring.executor.mount.VolumeEffect.ReportReady;
import io.mooring.executor.mount.VolumeEffect.ReportReleased;
import io.mooring.executor.mount.VolumeEffect.RetryAfter;
import io.mooring.executor.mount.VolumeEffect.TakeOver;
import io.mooring.executor.mount.VolumeEffect.Unmount;
import io.mooring.executor.mount.VolumeEffect.Verify;
import io.mooring.executor.mount.VolumeEvent.Checked;
import io.mooring.executor.mount.VolumeEvent.ContainerRemoved;
import io.mooring.executor.mount.VolumeEvent.Created;
import io.mooring.executor.mount.VolumeEvent.FlightSeen;
import io.mooring.executor.mount.VolumeEvent.Looked;
import io.mooring.executor.mount.VolumeEvent.Mounted;
import io.mooring.executor.mount.VolumeEvent.StrangersSeen;
import io.mooring.executor.mount.VolumeEvent.TakenOver;
import io.mooring.executor.mount.VolumeEvent.Unmounted;
import io.mooring.executor.mount.VolumeEvent.Verified;
import io.mooring.executor.mount.VolumeState.Attach;
import io.mooring.executor.mount.VolumeState.Creation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One volume on this agent, from the claim to the proof that nothing of it is left.
 *
 * <p>Each answer belongs to one phase; one that comes in another phase is late and changes nothing. A volume is
 * attached at most once per claim, so there is no way back from releasing to mounting.
 */
public final class VolumeMachine {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** What an event means in a state. */
    public VolumeTransition next(VolumeState state, VolumeEvent event) {
        return switch (event.kind()) {
            case GRANTED -> granted(state);
            case LOOKED -> looked(state, ((Looked) event).outcome());
            case CREATED -> created(state, ((Created) event).outcome());
            case MOUNTED -> mounted(state, ((Mounted) event).outcome());
            case TAKEN_OVER -> takenOver(state, ((TakenOver) event).outcome());
            case CHECKED -> checked(state, ((Checked) event).check());
            case RELEASE_WANTED -> releaseWanted(state);
            case HAND_OVER_WANTED -> handOverWanted(state);
            case STRANGERS_SEEN -> strangersSeen(state, (StrangersSeen) event);
            case FLIGHT_SEEN -> flightSeen(state, (FlightSeen) event);
            case CONTAINER_REMOVED -> containerRemoved(state, ((ContainerRemoved) event).outcome());
            case UNMOUNTED -> unmounted(state, ((Unmounted) event).outcome());
            case VERIFIED -> verified(state, ((Verified) event).facts());
            case RETRY_DUE -> retry(state);
            case GIVEN_UP -> givenUp(state);
        };
    }

    private static VolumeTransition granted(VolumeState state) {
        if (state.phase() != VolumePhase.CLAIMED) {
            return late(state);
        }
        if (state.inherited().isPresent()) {
            return VolumeTransition.of(
                    state.in(VolumePhase.TAKING_OVER).with(Attach.UNCERTAIN),
                    new Journal(VolumeStep.ATTACHING, state.mount()),
                    new TakeOver(state.inherited().get()));
        }
        return VolumeTransition.of(
                state.in(VolumePhase.LOOKING), new Journal(VolumeStep.ATTACHING, Optional.empty()), new LookUp());
    }

    private static VolumeTransition takenOver(VolumeState state, Outcome<Acknowledged> outcome) {
        if (state.phase() != VolumePhase.TAKING_OVER) {
            return late(state);
        }
        if (outcome instanceof Outcome.Done<Acknowledged>) {
            return VolumeTransition.of(
                    state.in(VolumePhase.CHECKING).with(Attach.SETTLED),
                    new Check(state.mount().orElseThrow().path()));
        }
        VolumeState next = outcome instanceof Outcome.Refused<Acknowledged> ? state.with(Attach.NEVER) : state;
        return failed(
                next,
                "volume '" + state.volume().request().name() + "' could not be taken over from its last task: "
                        + outcome.reason());
    }

    private static VolumeTransition looked(VolumeState state, Outcome<Existence> outcome) {
        if (state.phase() != VolumePhase.LOOKING) {
            return late(state);
        }
        String name = state.volume().request().name().value();
        if (!(outcome instanceof Outcome.Done<Existence> done)) {
            return failed(state, "the plugin could not say whether volume '" + name + "' exists: " + outcome.reason());
        }
        if (done.value() == Existence.PRESENT) {
            return mount(state);
        }
        if (state.creation() != Creation.NOT_ASKED) {
            return failed(state, "volume '" + name + "' could not be created: " + state.trouble());
        }
        if (state.volume().request().create() == CreatePolicy.NEVER) {
            return failed(state, "volume '" + name + "' does not exist, and its create policy is 'never'");
        }
        return VolumeTransition.of(state.in(VolumePhase.CREATING).with(Creation.ASKED), new Create());
    }

    private static VolumeTransition created(VolumeState state, Outcome<Acknowledged> outcome) {
        if (state.phase() != VolumePhase.CREATING) {
            return late(state);
        }
        if (outcome instanceof Outcome.Done<Acknowledged>) {
            return mount(state.with(Creation.DONE));
        }
        // It may be there all the same: made by someone else meanwhile, or by a call whose answer was lost.
        return VolumeTransition.of(state.in(VolumePhase.LOOKING).troubledBy(outcome.reason()), new LookUp());
    }

    private static VolumeTransition mount(VolumeState state) {
        // From here on it may be attached: whatever comes, it is unmounted and verified.
        return VolumeTransition.of(state.in(VolumePhase.MOUNTING).with(Attach.UNCERTAIN), new Mount());
    }

    private static VolumeTransition mounted(VolumeState state, Outcome<String> outcome) {
        if (state.phase() != VolumePhase.MOUNTING) {
            return late(state);
        }
        if (outcome instanceof Outcome.Done<String> done) {
            return VolumeTransition.of(state.in(VolumePhase.CHECKING).with(Attach.SETTLED), new Check(done.value()));
        }
        VolumeState next = outcome.refusedAs(Refusal.NOT_REACHED)
                ? state.with(Attach.NEVER)
                : state.with(outcome instanceof Outcome.Refused<String> ? Attach.SETTLED : Attach.UNCERTAIN);
        return failed(
                next, "volume '" + state.volume().request().name() + "' could not be mounted: " + outcome.reason());
    }

    private static VolumeTransition checked(VolumeState state, MountCheck check) {
        if (state.phase() != VolumePhase.CHECKING) {
            return late(state);
        }
        if (check instanceof MountCheck.Fit fit) {
            List<VolumeEffect> effects = new ArrayList<>();
            effects.add(new Journal(VolumeStep.MOUNTED, Optional.of(fit.facts())));
            state.inherited().ifPresent(from -> effects.add(new CloseInherited(from)));
            effects.add(new ReportReady());
            return new VolumeTransition(state.mountedAs(fit.facts()), effects);
        }
        return failed(state, ((MountCheck.Unfit) check).reason());
    }

    private static VolumeTransition failed(VolumeState state, String reason) {
        return VolumeTransition.of(state.in(VolumePhase.FAILED).troubledBy(reason), new ReportFailed(reason));
    }

    private static VolumeTransition releaseWanted(VolumeState state) {
        return switch (state.phase()) {
            case CLAIMED, FAILED, MOUNTED, LEAVING -> release(state);
            // An answer is awaited; what comes of it is asked for again then.
            case LOOKING, CREATING, TAKING_OVER, MOUNTING, CHECKING -> late(state);
            case SETTLING, EVICTING, UNMOUNTING, VERIFYING, RETRYING, RELEASED -> late(state);
        };
    }

    /** Only what is really mounted can be handed over, and only where no engine may still have it. */
    private static VolumeTransition handOverWanted(VolumeState state) {
        if (state.phase() == VolumePhase.LEAVING) {
            return late(state);
        }
        boolean mounted = state.phase() == VolumePhase.MOUNTED && state.mount().isPresent();
        return mounted && state.container().isEmpty()
                ? VolumeTransition.of(
                        state.in(VolumePhase.LEAVING),
                        new LookForStrangers(state.mount().get()))
                : releaseWanted(state);
    }

    /** A copy of the mount in a stranger's namespace could be written to beside the successor: then all is let go. */
    private static VolumeTransition strangersSeen(VolumeState state, StrangersSeen event) {
        if (state.phase() != VolumePhase.LEAVING) {
            return late(state);
        }
        if (event.stranger().isPresent()) {
            return release(state.troubledBy(event.stranger().get()));
        }
        return VolumeTransition.of(
                state.in(VolumePhase.RELEASED),
                new Journal(VolumeStep.HANDOVER, state.mount()),
                new LetGo(),
                new ReportReleased(state.handedOver()));
    }

    private static VolumeTransition release(VolumeState state) {
        if (state.container().isPresent()) {
            // Whatever the kernel shows: an engine may start again what it still has.
            return VolumeTransition.of(
                    state.in(VolumePhase.EVICTING),
                    new RemoveContainer(state.container().get()));
        }
        return switch (state.attach()) {
            case NEVER ->
                VolumeTransition.of(
                        state.in(VolumePhase.RELEASED),
                        new Journal(VolumeStep.ABANDONED, Optional.empty()),
                        new CloseJournal(),
                        new ReportReleased(state.neverAttached()));
            case UNCERTAIN -> VolumeTransition.of(state.in(VolumePhase.SETTLING), new AskFlight());
            case SETTLED, UNKNOWABLE ->
                state.unmounted()
                        ? VolumeTransition.of(state.in(VolumePhase.VERIFYING), new Verify(state.mount()))
                        : VolumeTransition.of(state.in(VolumePhase.UNMOUNTING), new Unmount());
        };
    }

    /** Without the engine's word there is no evidence, so it is asked until it gives it. */
    private static VolumeTransition containerRemoved(VolumeState state, Outcome<Acknowledged> outcome) {
        if (state.phase() != VolumePhase.EVICTING) {
            return late(state);
        }
        return outcome instanceof Outcome.Done<Acknowledged>
                ? release(state.afterEviction())
                : retryLater(state, "container " + state.container().orElseThrow() + ": " + outcome.reason());
    }

    private static VolumeTransition flightSeen(VolumeState state, FlightSeen event) {
        if (state.phase() != VolumePhase.SETTLING) {
            return late(state);
        }
        VolumeState next = state.seen(event.seen());
        return switch (event.flight()) {
            case NONE -> release(next.with(Attach.SETTLED));
            case UNTOLD -> release(next.with(Attach.UNKNOWABLE));
            case BUSY -> retryLater(next, "the plugin is still at work on a Mount that was not answered in time");
        };
    }

    private static VolumeTransition unmounted(VolumeState state, Outcome<Acknowledged> outcome) {
        if (state.phase() != VolumePhase.UNMOUNTING) {
            return late(state);
        }
        VolumeState next = state.in(VolumePhase.VERIFYING);
        if (outcome instanceof Outcome.Done<Acknowledged>) {
            return VolumeTransition.of(
                    next.afterUnmount(), new Journal(VolumeStep.UNMOUNTED, state.mount()), new Verify(state.mount()));
        }
        // "Not found", or no answer at all: the kernel decides, not the plugin's words.
        return VolumeTransition.of(
                next.troubledBy("the plugin's Unmount failed: " + outcome.reason()), new Verify(state.mount()));
    }

    private static VolumeTransition verified(VolumeState state, ReleaseFacts facts) {
        if (state.phase() != VolumePhase.VERIFYING) {
            return late(state);
        }
        if (!facts.clean()) {
            String unmountTrouble = state.unmounted() || state.trouble().isEmpty() ? "" : state.trouble() + "; ";
            return retryLater(state, unmountTrouble + facts.remark());
        }
        if (state.attach() == Attach.UNKNOWABLE) {
            VolumeState unsure = state.in(VolumePhase.RELEASED);
            return VolumeTransition.of(
                    unsure,
                    new ReportReleased(state.unproven("a Mount was never answered, and this plugin cannot say whether"
                            + " it is still at work on it")));
        }
        return VolumeTransition.of(
                state.in(VolumePhase.RELEASED),
                new Journal(VolumeStep.DETACHED, state.mount()),
                new CloseJournal(),
                new ReportReleased(state.released()));
    }

    private static VolumeTransition retryLater(VolumeState state, String trouble) {
        return VolumeTransition.of(
                state.in(VolumePhase.RETRYING).troubledBy(trouble).tried(), new RetryAfter(pause(state.attempts())));
    }

    private static VolumeTransition retry(VolumeState state) {
        return state.phase() == VolumePhase.RETRYING ? release(state) : late(state);
    }

    private static VolumeTransition givenUp(VolumeState state) {
        return switch (state.phase()) {
            case CLAIMED -> release(state);
            case LOOKING, CREATING, TAKING_OVER, MOUNTING, CHECKING, MOUNTED, LEAVING, FAILED ->
                unproven(state, "there was no time left to unmount it");
            case SETTLING, EVICTING, UNMOUNTING, VERIFYING, RETRYING ->
                unproven(
                        state,
                        state.trouble().isEmpty() ? "its release was under way when time was up" : state.trouble());
            case RELEASED -> late(state);
        };
    }

    private static VolumeTransition unproven(VolumeState state, String what) {
        return VolumeTransition.of(state.in(VolumePhase.RELEASED), new ReportReleased(state.unproven(what)));
    }

    /** 0.1 s, doubling up to 10 s. */
    private static Duration pause(int attempts) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static VolumeTransition late(VolumeState state) {
        return VolumeTransition.of(state);
    }
}
