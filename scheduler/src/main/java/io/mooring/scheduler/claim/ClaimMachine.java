package io.mooring.scheduler.claim;

import io.mooring.scheduler.claim.ClaimEvent.Activate;
import io.mooring.scheduler.claim.ClaimEvent.BackendClear;
import io.mooring.scheduler.claim.ClaimEvent.Confirm;
import io.mooring.scheduler.claim.ClaimEvent.ContactLost;
import io.mooring.scheduler.claim.ClaimEvent.ContactRegained;
import io.mooring.scheduler.claim.ClaimEvent.Fence;
import io.mooring.scheduler.claim.ClaimEvent.Fenced;
import io.mooring.scheduler.claim.ClaimEvent.Reboot;
import io.mooring.scheduler.claim.ClaimEvent.RecordComplete;
import io.mooring.scheduler.claim.ClaimEvent.RecordMissing;
import io.mooring.scheduler.claim.ClaimEvent.Revoke;
import io.mooring.scheduler.claim.ClaimEvent.StoreWentBack;
import io.mooring.scheduler.claim.Transition.Move;
import io.mooring.scheduler.claim.Transition.Refuse;
import io.mooring.scheduler.claim.Transition.Release;
import io.mooring.scheduler.claim.Transition.Stay;
import java.time.Instant;
import java.util.Optional;

/**
 * The claim machine, whole on one screen. Guards that need to know more than the claim (the volume's
 * class, its policy, another boot seen) are checked by whoever makes the event; what stands here can never be passed by.
 */
public final class ClaimMachine {
    private ClaimMachine() {}

    /** What becomes of the claim; every state answers every event. */
    public static Transition on(Claim claim, ClaimEvent event, Instant now) {
        return switch (claim.state()) {
            case RESERVED -> claim.takesOver().isEmpty() ? reserved(claim, event, now) : inherited(claim, event, now);
            case ACTIVATED -> activated(claim, event, now);
            case MOUNTED -> mounted(claim, event, now);
            case RELEASING -> releasing(claim, event, now);
            case SUSPECT -> suspect(claim, event, now);
            case FENCING -> fencing(claim, event);
        };
    }

    private static Transition reserved(Claim claim, ClaimEvent event, Instant now) {
        return switch (event.kind()) {
            case ACTIVATE -> activate(claim, (Activate) event, now); // T2
            case REVOKE -> neverActivated(claim, ((Revoke) event).why(), now); // T3
            case STOP -> neverActivated(claim, "stopped before it was activated", now); // T3
            case RECORD_COMPLETE -> neverActivated(claim, "the task ended before it was activated", now); // T3
            case RECORD_MISSING -> neverActivated(claim, ((RecordMissing) event).why(), now); // T3
            case CONTACT_LOST -> neverActivated(claim, ((ContactLost) event).why(), now); // T3
            case REBOOT -> neverActivated(claim, "the machine was rebooted before it was activated", now); // T3
            case CONFIRM -> neverActivated(claim, "given up by the operator before it was activated", now); // T3
            case MOUNT -> new Refuse("a mount was reported under a claim that is not activated");
            case CONTACT_REGAINED, BACKEND_CLEAR -> new Stay();
            case FENCE, FENCED -> new Refuse("a claim that is not activated is revoked, not fenced");
            case STORE_WENT_BACK -> move(claim, ClaimState.RELEASING, now, ((StoreWentBack) event).why());
        };
    }

    /** T16: the task before left the volume mounted here, so even an unused grant needs evidence to end. */
    private static Transition inherited(Claim claim, ClaimEvent event, Instant now) {
        return switch (event.kind()) {
            case ACTIVATE ->
                claim.boot().equals(Optional.of(((Activate) event).boot()))
                        ? activate(claim, (Activate) event, now) // T2
                        : new Refuse("the machine was rebooted since its predecessor left the volume there");
            case STOP -> move(claim, ClaimState.RELEASING, now); // T5
            case REVOKE -> move(claim, ClaimState.RELEASING, now, ((Revoke) event).why()); // T7
            case RECORD_COMPLETE -> release(claim, ((RecordComplete) event).evidence()); // T6
            case RECORD_MISSING -> move(claim, ClaimState.RELEASING, now, ((RecordMissing) event).why()); // T7
            case CONTACT_LOST -> move(claim, ClaimState.SUSPECT, now, ((ContactLost) event).why()); // T8
            case REBOOT -> release(claim, ((Reboot) event).evidence()); // T14
            case CONTACT_REGAINED, BACKEND_CLEAR -> new Stay();
            case STORE_WENT_BACK -> move(claim, ClaimState.RELEASING, now, ((StoreWentBack) event).why());
            case MOUNT -> new Refuse("a mount was reported under a claim that is not activated");
            case FENCE, FENCED -> new Refuse("the holder is in contact; its task is killed, not fenced");
            case CONFIRM -> new Refuse("the holder is in contact; stop its task instead");
        };
    }

    private static Transition activated(Claim claim, ClaimEvent event, Instant now) {
        return switch (event.kind()) {
            case ACTIVATE -> activateAgain(claim, (Activate) event);
            case MOUNT -> move(claim, ClaimState.MOUNTED, now); // T4
            case STOP -> move(claim, ClaimState.RELEASING, now); // T5
            case RECORD_COMPLETE -> release(claim, ((RecordComplete) event).evidence()); // T6
            case RECORD_MISSING -> move(claim, ClaimState.RELEASING, now, ((RecordMissing) event).why()); // T7
            case CONTACT_LOST -> move(claim, ClaimState.SUSPECT, now, ((ContactLost) event).why()); // T8
            case REBOOT -> release(claim, ((Reboot) event).evidence()); // T14
            case CONTACT_REGAINED, STORE_WENT_BACK -> new Stay();
            case BACKEND_CLEAR -> new Refuse("an attach may still be on its way, so the backend's list proves nothing");
            case FENCE, FENCED -> new Refuse("the holder is in contact; its task is killed, not fenced");
            case REVOKE -> new Refuse("the claim is activated; only evidence releases it");
            case CONFIRM -> new Refuse("the holder is in contact; stop its task instead");
        };
    }

    private static Transition mounted(Claim claim, ClaimEvent event, Instant now) {
        return switch (event.kind()) {
            case ACTIVATE -> activateAgain(claim, (Activate) event);
            case MOUNT, CONTACT_REGAINED, STORE_WENT_BACK -> new Stay();
            case STOP -> move(claim, ClaimState.RELEASING, now); // T5
            case RECORD_COMPLETE -> release(claim, ((RecordComplete) event).evidence()); // T6
            case RECORD_MISSING -> move(claim, ClaimState.RELEASING, now, ((RecordMissing) event).why()); // T7
            case CONTACT_LOST -> move(claim, ClaimState.SUSPECT, now, ((ContactLost) event).why()); // T8
            case REBOOT -> release(claim, ((Reboot) event).evidence()); // T14
            case BACKEND_CLEAR -> new Refuse("the holder is in contact and has to look first");
            case FENCE, FENCED -> new Refuse("the holder is in contact; its task is killed, not fenced");
            case REVOKE -> new Refuse("the claim is activated; only evidence releases it");
            case CONFIRM -> new Refuse("the holder is in contact; stop its task instead");
        };
    }

    private static Transition releasing(Claim claim, ClaimEvent event, Instant now) {
        return switch (event.kind()) {
            case ACTIVATE -> new Refuse("the claim is being released");
            case MOUNT, STOP, CONTACT_REGAINED, STORE_WENT_BACK -> new Stay();
            case RECORD_COMPLETE -> release(claim, ((RecordComplete) event).evidence()); // T6
            case RECORD_MISSING -> move(claim, ClaimState.RELEASING, now, ((RecordMissing) event).why()); // T7
            case CONTACT_LOST -> move(claim, ClaimState.SUSPECT, now, ((ContactLost) event).why()); // T8
            case BACKEND_CLEAR -> clear(claim, (BackendClear) event); // T13
            case REBOOT -> release(claim, ((Reboot) event).evidence()); // T14
            case FENCE -> fence(claim, (Fence) event, now); // T10
            case FENCED -> new Refuse("no fence was ordered");
            case REVOKE -> new Refuse("the claim is activated; only evidence releases it");
            case CONFIRM -> release(claim, ((Confirm) event).evidence()); // T12
        };
    }

    private static Transition suspect(Claim claim, ClaimEvent event, Instant now) {
        return switch (event.kind()) {
            case ACTIVATE -> new Refuse("nobody knew what the holder does; it has to be seen first");
            case MOUNT -> new Stay();
            case STOP -> new Stay(); // the task's goal says it; the kill is sent when the task is seen again
            case RECORD_COMPLETE -> release(claim, ((RecordComplete) event).evidence()); // T6
            case RECORD_MISSING -> move(claim, ClaimState.RELEASING, now, ((RecordMissing) event).why()); // T7
            case CONTACT_LOST, STORE_WENT_BACK -> new Stay();
            case CONTACT_REGAINED -> move(claim, ((ContactRegained) event).before(), now); // T9
            case BACKEND_CLEAR -> clear(claim, (BackendClear) event); // T13
            case REBOOT -> release(claim, ((Reboot) event).evidence()); // T14
            case FENCE -> fence(claim, (Fence) event, now); // T10
            case FENCED -> new Refuse("no fence was ordered");
            case REVOKE -> new Refuse("the claim is activated; only evidence releases it");
            case CONFIRM -> release(claim, ((Confirm) event).evidence()); // T12
        };
    }

    private static Transition fencing(Claim claim, ClaimEvent event) {
        return switch (event.kind()) {
            case ACTIVATE -> new Refuse("the holder is being fenced");
            case MOUNT, STOP, RECORD_MISSING, CONTACT_LOST, FENCE, STORE_WENT_BACK -> new Stay();
            case CONTACT_REGAINED -> new Stay(); // T15: there is no way back; its task is killed
            case RECORD_COMPLETE -> release(claim, ((RecordComplete) event).evidence()); // T6
            case BACKEND_CLEAR -> new Refuse("the fence that was ordered decides, not an earlier look");
            case REBOOT -> release(claim, ((Reboot) event).evidence()); // T14
            case FENCED -> release(claim, ((Fenced) event).evidence()); // T11
            case REVOKE -> new Refuse("the claim is activated; only evidence releases it");
            case CONFIRM -> release(claim, ((Confirm) event).evidence()); // T12
        };
    }

    private static Transition activate(Claim claim, Activate event, Instant now) {
        return new Move(claim.in(ClaimState.ACTIVATED, now, Optional.empty()).on(event.boot()));
    }

    /** A repeated request of the same boot is answered with GO again; another boot has another executor. */
    private static Transition activateAgain(Claim claim, Activate event) {
        return claim.boot().equals(Optional.of(event.boot()))
                ? new Stay()
                : new Refuse("the claim was activated on another boot of the machine");
    }

    private static Transition neverActivated(Claim claim, String why, Instant now) {
        return new Release(claim, new Evidence(Evidence.Code.NEVER_ACTIVATED, now, "scheduler", why));
    }

    private static Transition release(Claim claim, Evidence evidence) {
        return new Release(claim, evidence);
    }

    /** E2 is only good for an attach that is known to be complete. */
    private static Transition clear(Claim claim, BackendClear event) {
        return claim.attached()
                ? release(claim, event.evidence())
                : new Refuse("an attach may still be on its way, so the backend's list proves nothing");
    }

    private static Transition fence(Claim claim, Fence event, Instant now) {
        return new Move(claim.in(ClaimState.FENCING, now, Optional.empty()).cutOffBy(event.operation()));
    }

    private static Transition move(Claim claim, ClaimState to, Instant now) {
        return new Move(claim.in(to, now, Optional.empty()));
    }

    private static Transition move(Claim claim, ClaimState to, Instant now, String why) {
        return new Move(claim.in(to, now, Optional.of(why)));
    }
}
