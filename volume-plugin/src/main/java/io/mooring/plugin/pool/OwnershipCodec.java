package io.mooring.plugin.pool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.Fences;
import io.mooring.plugin.volume.HighWater;
import io.mooring.plugin.volume.Holder;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.MountId;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.Standing;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Who has a volume, as JSON. The fields of a plain attachment are those of the first version, which knew no cuts and no
 * readers; what came later is missing in its records and stands for none.
 */
final class OwnershipCodec {
    private final ObjectMapper json = new ObjectMapper();

    byte[] write(Ownership ownership) throws IOException {
        Standing standing = ownership.standing();
        ObjectNode node = json.createObjectNode()
                .put("fence", standing.highWater().fence())
                .put("claimId", standing.highWater().claimId())
                .put("generation", standing.generation())
                .put("checkDue", standing.check() == Standing.Check.DUE);
        ObjectNode fenced = node.putObject("fenced");
        standing.fences().byHost().forEach((host, fence) -> write(fence, fenced.putObject(host)));
        if (ownership instanceof Ownership.Attached attached) {
            write(attached.attachment(), node.putObject("attachment"));
        } else if (ownership instanceof Ownership.Cutting cutting) {
            write(cutting.attachment(), node.putObject("cutting"));
        } else if (ownership instanceof Ownership.Shared shared) {
            ArrayNode readers = node.putArray("readers");
            shared.readers().forEach(reader -> write(reader, readers.addObject()));
        }
        return json.writeValueAsBytes(node);
    }

    private static void write(Fences.Fence fence, ObjectNode node) {
        node.put("fence", fence.number()).put("since", fence.since().toString());
        fence.boot().ifPresent(boot -> node.put("bootId", boot.value()));
        fence.generation().ifPresent(generation -> node.put("generation", generation));
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

    Ownership read(byte[] content) throws IOException {
        JsonNode node = json.readTree(content);
        try {
            Standing standing = standing(node);
            if (node.has("attachment")) {
                return new Ownership.Attached(standing, attachment(node.required("attachment")));
            }
            if (node.has("cutting")) {
                return new Ownership.Cutting(standing, attachment(node.required("cutting")));
            }
            if (node.has("readers")) {
                List<Attachment> readers = new ArrayList<>();
                node.required("readers").forEach(reader -> readers.add(attachment(reader)));
                return new Ownership.Shared(standing, readers);
            }
            return new Ownership.Free(standing);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new IOException("attachment record cannot be understood: " + e.getMessage(), e);
        }
    }

    private static Standing standing(JsonNode node) {
        Map<String, Fences.Fence> fences = new TreeMap<>();
        node.path("fenced").properties().forEach(entry -> fences.put(entry.getKey(), fence(entry.getValue())));
        return new Standing(
                new HighWater(node.required("fence").longValue(), RecordCodec.text(node, "claimId")),
                new Fences(fences),
                node.path("generation").longValue(),
                node.path("checkDue").booleanValue() ? Standing.Check.DUE : Standing.Check.NONE);
    }

    private static Fences.Fence fence(JsonNode node) {
        return new Fences.Fence(
                node.required("fence").longValue(),
                node.has("bootId") ? Optional.of(new BootId(RecordCodec.text(node, "bootId"))) : Optional.empty(),
                Instant.parse(RecordCodec.text(node, "since")),
                node.has("generation")
                        ? OptionalLong.of(node.required("generation").longValue())
                        : OptionalLong.empty());
    }

    private static Attachment attachment(JsonNode node) {
        List<MountId> ids = new ArrayList<>();
        node.required("mountIds").forEach(id -> ids.add(new MountId(id.asText())));
        Holder holder = node.has("claimId")
                ? new Holder.Claim(
                        RecordCodec.text(node, "claimId"),
                        node.required("fence").longValue())
                : new Holder.DockerCaller();
        return new Attachment(
                new HostIdentity(
                        new MachineKey(RecordCodec.text(node, "host")), new BootId(RecordCodec.text(node, "bootId"))),
                holder,
                Instant.parse(RecordCodec.text(node, "since")),
                RecordCodec.text(node, "device"),
                ids);
    }
}
