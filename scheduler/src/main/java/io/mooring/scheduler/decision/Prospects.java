package io.mooring.scheduler.decision;

import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence.Code;
import io.mooring.scheduler.claim.EvidenceLadder;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.decision.ClaimProspect.Awaited;
import io.mooring.scheduler.decision.ClaimProspect.Next;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.FenceClass;
import io.mooring.scheduler.volume.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says for every claim which evidence would free it, by the volume's class and policy, and what happens next. */
final class Prospects {
    private final ClusterState state;
    private final Policy policy;
    private final ClaimDecisions claims;
    private final ObservationDecisions observations;

    Prospects(ClusterState state, Policy policy, ClaimDecisions claims, ObservationDecisions observations) {
        this.state = state;
        this.policy = policy;
        this.claims = claims;
        this.observations = observations;
    }

    ClaimProspect of(Claim claim) {
        return switch (claim.state()) {
            case RESERVED ->
                new ClaimProspect(
                        List.of(),
                        Next.at(
                                claim.since().plus(policy.timing().launchTimeout()),
                                "its executor is expected to ask for it; until then it can be taken back, and is when"
                                        + " nothing was heard"));
            case ACTIVATED, MOUNTED -> new ClaimProspect(List.of(), Optional.empty());
            case RELEASING -> new ClaimProspect(awaited(claim), releasing(claim));
            case SUSPECT -> new ClaimProspect(awaited(claim), suspect(claim));
            case FENCING -> new ClaimProspect(awaited(claim), fencing(claim));
        };
    }

    private List<Awaited> awaited(Claim claim) {
        FenceClass fenceClass = fenceClass(claim);
        Set<Code> allowed = EvidenceLadder.allowed(fenceClass, takeover(claim));
        List<Awaited> awaited = new ArrayList<>();
        for (Code code : allowed) {
            words(code, claim).ifPresent(what -> awaited.add(new Awaited(code, what)));
        }
        return awaited;
    }

    /** In the words of this claim; empty if this evidence cannot come as things are. */
    private Optional<String> words(Code code, Claim claim) {
        String machine = claim.machine().value();
        return switch (code) {
            case NEVER_ACTIVATED -> Optional.empty();
            case E1 ->
                Optional.of("the executor of task " + claim.task() + " reports the volume unmounted and detached");
            case E1B -> Optional.of("a clean-up on machine " + machine + " finds it unmounted and detached");
            case E2 ->
                claim.attached() && claim.state() != ClaimState.FENCING
                        ? Optional.of("the backend shows it not attached to machine " + machine + ", twice, "
                                + policy.takeover().settle().toSeconds() + " s apart")
                        : Optional.empty();
            case E3 ->
                claim.state() == ClaimState.FENCING || takeover(claim) == TakeoverPolicy.FENCE
                        ? Optional.of("the backend cuts machine " + machine + " off and confirms it")
                        : Optional.empty();
            case E4 -> Optional.of("machine " + machine + " is seen on another boot");
            case E5 ->
                Optional.of("an operator states that machine " + machine + " is dead: mooring volume release "
                        + claim.volume() + " --machine " + machine + " --reason \"...\"");
        };
    }

    private Optional<Next> releasing(Claim claim) {
        boolean ended = state.task(claim.task())
                .map(task -> task.state() == TaskState.ENDED)
                .orElse(true);
        if (!ended) {
            return Next.of("the task was told to stop; its record is awaited");
        }
        return claims.machineInContact(claim.machine())
                ? Next.of("a clean-up runs on machine " + claim.machine() + " as soon as its agent makes an offer")
                : look(claim, "no agent on machine " + claim.machine() + " is in contact, so none can clean up");
    }

    private Optional<Next> suspect(Claim claim) {
        Optional<Hold> brake = state.hold(Hold.Kind.BRAKE);
        if (brake.isPresent()) {
            return Next.of("nothing is taken over while the brake is on ("
                    + brake.get().reason() + "); 'mooring brake off' lets it go on, or the task is heard of again");
        }
        if (takeover(claim) == TakeoverPolicy.FENCE && fenceClass(claim).cutsOff()) {
            Instant due = claim.since().plus(policy.takeover().suspectGrace());
            return Next.at(due, "machine " + claim.machine() + " is cut off from the volume");
        }
        return look(claim, "the task or its machine is expected to be heard of again");
    }

    private Optional<Next> fencing(Claim claim) {
        return Next.of("an agent beside machine " + claim.machine() + " is asked to have the backend cut it off"
                + claim.trouble().map(why -> "; the last try: " + why).orElse(""));
    }

    /** The next look at the backend, where one helps. */
    private Optional<Next> look(Claim claim, String otherwise) {
        boolean helps = claim.attached()
                && EvidenceLadder.allowed(fenceClass(claim), takeover(claim)).contains(Code.E2);
        Optional<Instant> at = state.volume(claim.volume()).flatMap(volume -> observations.nextLook(volume.driver()));
        return helps && at.isPresent()
                ? Next.at(at.get(), "the backend is asked where the volume is attached; " + otherwise)
                : Next.of(otherwise);
    }

    private FenceClass fenceClass(Claim claim) {
        return state.volume(claim.volume())
                .map(volume -> policy.fenceClass(volume.driver(), state))
                .orElse(FenceClass.D);
    }

    private TakeoverPolicy takeover(Claim claim) {
        return state.volume(claim.volume()).map(Volume::takeover).orElse(TakeoverPolicy.EVIDENCE);
    }
}
