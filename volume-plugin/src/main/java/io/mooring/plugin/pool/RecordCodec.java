package io.mooring.plugin.pool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.FormatPhase;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.HighWater;
import io.mooring.plugin.volume.Holder;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.MountId;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The pool's two records of a volume as JSON. A file that lacks a field is refused: half a record proves nothing. */
final class RecordCodec {
    private final ObjectMapper json = new ObjectMapper();

    byte[] write(VolumeRecord volume) throws IOException {
        ObjectNode node = json.createObjectNode()
                .put("name", volume.name().value())
                .put("sizeBytes", volume.sizeBytes())
                .put("fsType", volume.fsType().label())
                .put("formatPhase", volume.phase().name())
                .put("iops", volume.iops())
                .put("type", volume.type())
                .put("zone", volume.zone())
                .put("createdAt", volume.createdAt().toString());
        ObjectNode options = node.putObject("options");
        volume.options().forEach(options::put);
        return json.writeValueAsBytes(node);
    }

    VolumeRecord volume(byte[] content) throws IOException {
        JsonNode node = json.readTree(content);
        try {
            Map<String, String> options = new TreeMap<>();
            node.required("options")
                    .properties()
                    .forEach(option ->
                            options.put(option.getKey(), option.getValue().textValue()));
            String fsType = text(node, "fsType");
            return new VolumeRecord(
                    new VolumeName(text(node, "name")),
                    node.required("sizeBytes").longValue(),
                    FsType.named(fsType)
                            .orElseThrow(() -> new IllegalArgumentException("file system '" + fsType + "'")),
                    FormatPhase.valueOf(text(node, "formatPhase")),
                    node.required("iops").intValue(),
                    text(node, "type"),
                    text(node, "zone"),
                    options,
                    Instant.parse(text(node, "createdAt")));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new IOException("volume record cannot be understood: " + e.getMessage(), e);
        }
    }

    byte[] write(Ownership ownership) throws IOException {
        ObjectNode node = json.createObjectNode()
                .put("fence", ownership.highWater().fence())
                .put("claimId", ownership.highWater().claimId());
        if (ownership instanceof Ownership.Attached attached) {
            write(attached.attachment(), node.putObject("attachment"));
        }
        return json.writeValueAsBytes(node);
    }

    private static void write(Attachment attachment, ObjectNode node) {
        node.put("host", attachment.host().host().value())
                .put("bootId", attachment.host().bootId().value())
                .put("since", attachment.since().toString())
                .put("device", attachment.device());
        if (attachment.holder() instanceof Holder.Claim claim) {
            node.put("claimId", claim.claimId()).put("fence", claim.fence());
        }
        ArrayNode ids = node.putArray("mountIds");
        attachment.mountIds().forEach(id -> ids.add(id.value()));
    }

    Ownership ownership(byte[] content) throws IOException {
        JsonNode node = json.readTree(content);
        try {
            HighWater highWater = new HighWater(node.required("fence").longValue(), text(node, "claimId"));
            return node.has("attachment")
                    ? new Ownership.Attached(highWater, attachment(node.required("attachment")))
                    : new Ownership.Free(highWater);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new IOException("attachment record cannot be understood: " + e.getMessage(), e);
        }
    }

    private static Attachment attachment(JsonNode node) {
        List<MountId> ids = new ArrayList<>();
        node.required("mountIds").forEach(id -> ids.add(new MountId(id.asText())));
        Holder holder = node.has("claimId")
                ? new Holder.Claim(text(node, "claimId"), node.required("fence").longValue())
                : new Holder.DockerCaller();
        return new Attachment(
                new HostIdentity(new MachineKey(text(node, "host")), new BootId(text(node, "bootId"))),
                holder,
                Instant.parse(text(node, "since")),
                text(node, "device"),
                ids);
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.required(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + " is not text");
        }
        return value.textValue();
    }
}
