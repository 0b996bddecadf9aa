package io.mooring.plugin.volume;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The exclusive hold of one host on one volume.
 *
 * @param host who has it, in which boot
 * @param holder on whose behalf
 * @param since when it was attached
 * @param device the block device on that host, empty while there is none
 * @param mountIds the uses it has, in the order they came; the volume is unmounted when the last one ends
 */
public record Attachment(HostIdentity host, Holder holder, Instant since, String device, List<MountId> mountIds) {
    public Attachment {
        mountIds = List.copyOf(mountIds);
    }

    /** With one more use; a use that is known already is not counted twice. */
    public Attachment with(MountId id) {
        if (mountIds.contains(id)) {
            return this;
        }
        List<MountId> more = new ArrayList<>(mountIds);
        more.add(id);
        return new Attachment(host, holder, since, device, more);
    }

    /** With one use less. */
    public Attachment without(MountId id) {
        return new Attachment(
                host,
                holder,
                since,
                device,
                mountIds.stream().filter(known -> !known.equals(id)).toList());
    }

    /** On this device. */
    public Attachment on(String node) {
        return new Attachment(host, holder, since, node, mountIds);
    }

    /** Who has it, since when and on whose behalf, for a refusal. */
    public String describe() {
        String behalf = holder instanceof Holder.Claim claim
                ? " (claim " + claim.claimId() + ", fence " + claim.fence() + ")"
                : " (a Docker caller)";
        return "in use by host " + host.host() + " since " + since + behalf;
    }
}
