package io.mooring.plugin.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.docker.BadRequestException;
import io.mooring.plugin.docker.Call;
import io.mooring.plugin.docker.Fields;
import io.mooring.plugin.service.Fencing;
import io.mooring.plugin.service.HeldVolumes;
import io.mooring.plugin.volume.FenceOrder;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The calls by which the scheduler's executors take volumes from hosts that do not answer any more, and hand them over
 * between tasks of one host. Each names the host and the fence that it is about, and does nothing when the volume is
 * another's by then; each may be repeated.
 */
public final class OwnershipCalls {
    private final Fencing fencing;
    private final HeldVolumes held;

    public OwnershipCalls(Fencing fencing, HeldVolumes held) {
        this.fencing = fencing;
        this.held = held;
    }

    /**
     * All methods by path. Detach and Fence are one operation here: a host that is detached and not fenced could attach
     * again at once.
     */
    public Map<String, Call> calls() {
        return new TreeMap<>(Map.of(
                "/Mooring.Detach", this::fence,
                "/Mooring.Fence", this::fence,
                "/Mooring.Unfence",
                        (request, answer) ->
                                fencing.unfence(Fields.name(request), Fields.host(request), Fields.fence(request)),
                "/Mooring.Verify", this::verify,
                "/Mooring.HandOver",
                        (request, answer) -> held.handOver(
                                Fields.name(request), Fields.mountId(request, "From"), Fields.mountId(request, "To"))));
    }

    private void fence(JsonNode request, ObjectNode answer) throws BadRequestException, VolumeException, IOException {
        VolumeName name = Fields.name(request);
        fencing.fence(
                name,
                new FenceOrder(
                        Fields.host(request), Fields.fence(request), Fields.boot(request), Fields.claim(request)));
        verify(request, answer);
    }

    private void verify(JsonNode request, ObjectNode answer) throws BadRequestException, VolumeException, IOException {
        Fencing.Verification found = fencing.verify(Fields.name(request), Fields.host(request));
        answer.put("Attached", found.attached() == Fencing.Verification.Answer.YES)
                .put("Fenced", found.fenced() == Fencing.Verification.Answer.YES);
    }
}
