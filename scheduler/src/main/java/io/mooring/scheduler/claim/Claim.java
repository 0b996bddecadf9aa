package io.mooring.scheduler.claim;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.definition.AppId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The durable record that one task on one machine holds, or may still hold, one volume.
 *
 * @param fence the volume's number for this grant
 * @param epoch the leadership under which it was granted
 * @param since when it came into its state
 * @param before the state that SUSPECT was entered from
 * @param trouble why the release does not come on, in words
 */
public record Claim(
        ClaimId id,
        VolumeName volume,
        MountMode mode,
        long fence,
        long epoch,
        Optional<AppId> app,
        TaskId task,
        AgentId agent,
        MachineKey machine,
        Optional<BootId> boot,
        ClaimState state,
        Instant since,
        Optional<ClaimState> before,
        List<Evidence> evidence,
        Optional<String> trouble) {
    public Claim {
        evidence = List.copyOf(evidence);
    }

    Claim in(ClaimState next, Instant now, Optional<String> why) {
        Optional<ClaimState> from = next == ClaimState.SUSPECT ? Optional.of(state) : Optional.empty();
        return new Claim(
                id,
                volume,
                mode,
                fence,
                epoch,
                app,
                task,
                agent,
                machine,
                boot,
                next,
                next == state ? since : now,
                from,
                evidence,
                why);
    }

    Claim on(BootId activated) {
        return new Claim(
                id,
                volume,
                mode,
                fence,
                epoch,
                app,
                task,
                agent,
                machine,
                Optional.of(activated),
                state,
                since,
                before,
                evidence,
                trouble);
    }

    public Claim with(Evidence more) {
        List<Evidence> all = new java.util.ArrayList<>(evidence);
        all.add(more);
        return new Claim(
                id, volume, mode, fence, epoch, app, task, agent, machine, boot, state, since, before, all, trouble);
    }

    /** Whether the holder may have touched the volume. */
    public boolean activated() {
        return state != ClaimState.RESERVED;
    }
}
