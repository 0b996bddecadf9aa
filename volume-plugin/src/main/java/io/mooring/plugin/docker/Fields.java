package io.mooring.plugin.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.volume.MountId;
import io.mooring.plugin.volume.VolumeException;
import java.util.Map;
import java.util.TreeMap;

/** Reads the fields of requests. Names are checked here, once, before they become paths and arguments. */
public final class Fields {
    private Fields() {}

    /** The volume that the request is about. */
    public static VolumeName name(JsonNode request) throws BadRequestException, VolumeException {
        String name = text(request, "Name");
        try {
            return new VolumeName(name);
        } catch (IllegalArgumentException e) {
            throw new VolumeException(e.getMessage(), e);
        }
    }

    /** The caller's name for its use; engines before 1.12 send none. */
    static MountId mountId(JsonNode request) throws BadRequestException, VolumeException {
        try {
            return new MountId(text(request, "ID"));
        } catch (IllegalArgumentException e) {
            throw new VolumeException(e.getMessage(), e);
        }
    }

    /** Create options; null and missing are none. */
    static Map<String, String> options(JsonNode request) throws BadRequestException {
        Map<String, String> options = new TreeMap<>();
        JsonNode node = request.path("Opts");
        if (node.isMissingNode() || node.isNull()) {
            return options;
        }
        if (!node.isObject()) {
            throw new BadRequestException("Opts must be an object of texts, such as {\"size\": \"2\"}");
        }
        for (Map.Entry<String, JsonNode> option : node.properties()) {
            if (!option.getValue().isValueNode() || option.getValue().isNull()) {
                throw new BadRequestException("Opts must be an object of texts, such as {\"size\": \"2\"}");
            }
            options.put(option.getKey(), option.getValue().asText());
        }
        return options;
    }

    private static String text(JsonNode request, String field) throws BadRequestException {
        JsonNode node = request.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return "";
        }
        if (!node.isTextual()) {
            throw new BadRequestException(field + " must be text");
        }
        return node.textValue();
    }
}
