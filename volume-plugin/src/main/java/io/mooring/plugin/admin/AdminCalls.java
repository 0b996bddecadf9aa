package io.mooring.plugin.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.backend.Usage;
import io.mooring.plugin.backend.VolumeRoot;
import io.mooring.plugin.docker.BadRequestException;
import io.mooring.plugin.docker.Call;
import io.mooring.plugin.docker.Fields;
import io.mooring.plugin.lane.Lanes;
import io.mooring.plugin.lane.Operation;
import io.mooring.plugin.service.VolumeView;
import io.mooring.plugin.service.VolumeViews;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.Holder;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.Standing;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the scheduler needs to know and the Docker protocol cannot say: what stands behind the driver, its space, who has
 * which volume, and what is going on with one. Foreign plugins answer 404 to all of it.
 */
public final class AdminCalls {
    private final String version;
    private final Backend backend;
    private final HostIdentity here;
    private final VolumeViews views;
    private final Lanes lanes;
    private final VolumeRoot volumeRoot;

    public AdminCalls(
            String version, Backend backend, HostIdentity here, VolumeViews views, Lanes lanes, VolumeRoot volumeRoot) {
        this.version = version;
        this.backend = backend;
        this.here = here;
        this.views = views;
        this.lanes = lanes;
        this.volumeRoot = volumeRoot;
    }

    /** All methods by path. */
    public Map<String, Call> calls() {
        return new TreeMap<>(Map.of(
                "/Mooring.Capabilities", this::capabilities,
                "/Mooring.Capacity", this::capacity,
                "/Mooring.Volumes", this::volumes,
                "/Mooring.InFlight", this::inFlight));
    }

    private void capabilities(JsonNode request, ObjectNode answer) {
        String mountKind =
                switch (backend.mountKind()) {
                    case DEVICE -> "device";
                    case DIRECTORY -> "directory";
                };
        answer.put("Version", version)
                .put("Driver", backend.driver())
                .put("Class", backend.backendClass())
                .put("MountKind", mountKind)
                .put("Scope", "global")
                .put("Host", here.host().value())
                .put("BootId", here.bootId().value())
                .put("RootPath", volumeRoot.below(Path.of("/")).toString());
        answer.put("HandOver", true);
        ObjectNode cannotMake = answer.putObject("CannotMake");
        backend.cannotMake().forEach((type, why) -> cannotMake.put(type.label(), why));
    }

    private void capacity(JsonNode request, ObjectNode answer) throws VolumeException, IOException {
        Usage usage = backend.usage();
        answer.put("TotalBytes", usage.totalBytes())
                .put("UsedBytes", usage.usedBytes())
                .put("ProvisionedBytes", views.provisionedBytes());
    }

    /** All of them, or the one that a caller names who asks often; none when there is none of that name. */
    private void volumes(JsonNode request, ObjectNode answer) throws BadRequestException, VolumeException, IOException {
        ArrayNode volumes = answer.putArray("Volumes");
        List<VolumeView> wanted =
                request.has("Name") ? views.find(Fields.name(request)).stream().toList() : views.all();
        for (VolumeView view : wanted) {
            ObjectNode volume = volumes.addObject()
                    .put("Name", view.volume().name().value())
                    .put("SizeGb", view.volume().sizeGb())
                    .put("FsType", view.volume().fsType().label())
                    .put("Zone", view.volume().zone());
            show(view.ownership(), volume);
        }
    }

    /** An attachment is one to write, also when its holder is being cut off; readers are listed apart. */
    private static void show(Ownership ownership, ObjectNode volume) {
        ArrayNode readers = volume.putArray("Readers");
        if (ownership instanceof Ownership.Shared shared) {
            shared.readers().forEach(reader -> show(reader, readers.addObject()));
            volume.putNull("Attachment");
        } else {
            ownership.attachments().forEach(attachment -> show(attachment, volume.putObject("Attachment")));
            if (ownership.attachments().isEmpty()) {
                volume.putNull("Attachment");
            }
        }
        volume.put("CheckDue", ownership.standing().check() == Standing.Check.DUE);
        ArrayNode fenced = volume.putArray("Fenced");
        ownership.standing().fences().byHost().forEach((host, fence) -> fenced.addObject()
                .put("Host", host)
                .put("Fence", fence.number())
                .put("Since", fence.since().toString()));
    }

    private static void show(Attachment attachment, ObjectNode node) {
        node.put("Host", attachment.host().host().value())
                .put("BootId", attachment.host().bootId().value());
        if (attachment.holder() instanceof Holder.Claim claim) {
            node.put("Fence", claim.fence()).put("ClaimId", claim.claimId());
        } else {
            node.put("Fence", 0).putNull("ClaimId");
        }
        node.put("Since", attachment.since().toString())
                .put("Device", attachment.device().isEmpty() ? null : attachment.device());
        ArrayNode ids = node.putArray("MountIds");
        attachment.mountIds().forEach(id -> ids.add(id.value()));
    }

    private void inFlight(JsonNode request, ObjectNode answer) throws BadRequestException, VolumeException {
        ArrayNode operations = answer.putArray("Operations");
        for (Operation operation : lanes.inFlight(Fields.name(request))) {
            operations
                    .addObject()
                    .put("Op", operation.name())
                    .put("Since", operation.since().toString());
        }
    }
}
