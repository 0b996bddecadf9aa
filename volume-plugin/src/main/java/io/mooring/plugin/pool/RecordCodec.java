package io.mooring.plugin.pool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.volume.FormatPhase;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;

/** What a volume is, as JSON. A file that lacks a field is refused: half a record proves nothing. */
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

    static String text(JsonNode node, String field) {
        JsonNode value = node.required(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + " is not text");
        }
        return value.textValue();
    }
}
