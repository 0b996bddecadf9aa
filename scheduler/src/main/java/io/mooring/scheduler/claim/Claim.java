package io.mooring.scheduler.claim;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.definition.AppId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The durable record that one task on one machine holds, or may still hold, one volume.
 *
 * @param fence the volume's number for this grant
 * @param shared whether others may hold claims on the volume beside this one
 * @param epoch the leadership under which it was granted
 * @param since when it came into its state
 * @param takesOver the claim before it, whose task left the volume mounted on this machine: until somebody proves that it
 *     was let go, this claim may not simply be taken back
 * @param before the state that SUSPECT was entered from
 * @param attached whether the mount was reported; before that an attach may be on its way that no list shows
 * @param cutOff the operation by which the storage side cuts the holder off
 * @param trouble why the release does not come on, in words
 * @param framework whose task holds it, if it is not one of Mooring's own
 */
public record Claim(
        ClaimId id,
        VolumeName volume,
        MountMode mode,
        long fence,
        boolean shared,
        long epoch,
        Optional<AppId> app,
        TaskId task,
        AgentId agent,
        MachineKey machine,
        Optional<BootId> boot,
        Optional<ClaimId> takesOver,
        ClaimState state,
        Instant since,
        Optional<ClaimState> before,
        boolean attached,
        Optional<String> cutOff,
        List<Evidence> evidence,
        Optional<String> trouble,
        Optional<FrameworkId> framework) {
    public Claim {
        evidence = List.copyOf(evidence);
        framework = framework == null ? Optional.empty() : framework; // of an earlier version
    }

    /**
     * A grant that its executor has not asked for yet.
     *
     * @param before the claim that it takes over from, on the same machine and boot
     */
    public static Claim reserved(
            ClaimId id,
            VolumeName volume,
            MountMode mode,
            long fence,
            boolean shared,
            long epoch,
            Optional<AppId> app,
            TaskId task,
            AgentId agent,
            MachineKey machine,
            Optional<Claim> before,
            Instant now) {
        return new Claim(
                id,
                volume,
                mode,
                fence,
                shared,
                epoch,
                app,
                task,
                agent,
                machine,
                before.flatMap(Claim::boot),
                before.map(Claim::id),
                ClaimState.RESERVED,
                now,
                Optional.empty(),
                false,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    /** The claim as one of a task that another framework runs. */
    public Claim of(FrameworkId other) {
        Draft draft = new Draft(this);
        draft.framework = Optional.of(other);
        return draft.claim();
    }

    /** Whether another framework's task holds it. */
    public boolean foreign() {
        return framework.isPresent();
    }

    Claim in(ClaimState next, Instant now, Optional<String> why) {
        Draft draft = new Draft(this);
        draft.before = next == ClaimState.SUSPECT ? Optional.of(state) : Optional.empty();
        draft.since = next == state ? since : now;
        draft.attached = attached || next == ClaimState.MOUNTED;
        draft.state = next;
        draft.trouble = why;
        return draft.claim();
    }

    Claim on(BootId activated) {
        Draft draft = new Draft(this);
        draft.boot = Optional.of(activated);
        return draft.claim();
    }

    Claim cutOffBy(String operation) {
        Draft draft = new Draft(this);
        draft.cutOff = Optional.of(operation);
        return draft.claim();
    }

    public Claim with(Evidence more) {
        Draft draft = new Draft(this);
        draft.evidence = new ArrayList<>(evidence);
        draft.evidence.add(more);
        return draft.claim();
    }

    /** The claim of which nobody knows whether it was activated, with the last boot on which it can have been. */
    public Claim atLatestOn(BootId seen) {
        return boot.isPresent() ? this : on(seen);
    }

    /** The claim with what stands in the way of its release now. */
    public Claim troubled(String why) {
        Draft draft = new Draft(this);
        draft.trouble = Optional.of(why);
        return draft.claim();
    }

    /** Whether the volume may be attached or mounted under this claim, by its holder or by whom it takes over from. */
    public boolean activated() {
        return state != ClaimState.RESERVED || takesOver.isPresent();
    }

    /** A claim on its way to its next form. */
    private static final class Draft {
        private final Claim of;
        private Optional<BootId> boot;
        private ClaimState state;
        private Instant since;
        private Optional<ClaimState> before;
        private boolean attached;
        private Optional<String> cutOff;
        private List<Evidence> evidence;
        private Optional<String> trouble;
        private Optional<FrameworkId> framework;

        Draft(Claim from) {
            of = from;
            boot = from.boot;
            state = from.state;
            since = from.since;
            before = from.before;
            attached = from.attached;
            cutOff = from.cutOff;
            evidence = from.evidence;
            trouble = from.trouble;
            framework = from.framework;
        }

        Claim claim() {
            return new Claim(
                    of.id,
                    of.volume,
                    of.mode,
                    of.fence,
                    of.shared,
                    of.epoch,
                    of.app,
                    of.task,
                    of.agent,
                    of.machine,
                    boot,
                    of.takesOver,
                    state,
                    since,
                    before,
                    attached,
                    cutOff,
                    evidence,
                    trouble,
                    framework);
        }
    }
}
