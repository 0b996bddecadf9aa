package io.mooring.plugin.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.volume.MountId;
import io.mooring.plugin.volume.VolumeException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads the fields of requests. Names are checked here, once, before they become paths and arguments. */
public final class Fields {
    private Fields() {}

    /** The volume that the request is about. */
    public static VolumeName name(JsonNode request) throws BadRequestException, VolumeException {
        return name(request, "Name");
    }

    /** The snapshot that it is about. */
    public static VolumeName snapshot(JsonNode request) throws BadRequestException, VolumeException {
        return name(request, "Snapshot");
    }

    private static VolumeName name(JsonNode request, String field) throws BadRequestException, VolumeException {
        String name = text(request, field);
        try {
            return new VolumeName(name);
        } catch (IllegalArgumentException e) {
            throw new VolumeException(e.getMessage(), e);
        }
    }

    /** The host that an administrator's call is about. */
    public static MachineKey host(JsonNode request) throws BadRequestException {
        return required(request, "Host", MachineKey::new);
    }

    /** The boot that it had a volume in, if the caller says. */
    public static Optional<BootId> boot(JsonNode request) throws BadRequestException {
        return text(request, "BootId").isEmpty()
                ? Optional.empty()
                : Optional.of(required(request, "BootId", BootId::new));
    }

    /** The claim that it had, if the caller says. */
    public static Optional<String> claim(JsonNode request) throws BadRequestException {
        return Optional.of(text(request, "ClaimId")).filter(claim -> !claim.isEmpty());
    }

    /** What shows that the caller may do this once. */
    public static String token(JsonNode request) throws BadRequestException {
        return required(request, "Token", Function.identity());
    }

    /** The number of a fence. */
    public static long fence(JsonNode request) throws BadRequestException {
        return number(request, "Fence", Long.MAX_VALUE);
    }

    /** The size that a volume is to have. */
    public static long sizeGb(JsonNode request) throws BadRequestException {
        return number(request, "SizeGb", 1_000_000);
    }

    private static long number(JsonNode request, String field, long most) throws BadRequestException {
        JsonNode number = request.path(field);
        boolean valid = number.isIntegralNumber()
                && number.canConvertToLong()
                && number.longValue() >= 1
                && number.longValue() <= most;
        if (!valid) {
            throw new BadRequestException(field + " must be a whole number, at least 1"
                    + (most < Long.MAX_VALUE ? " and at most " + most : ""));
        }
        return number.longValue();
    }

    /** One use under a field of this name. */
    public static MountId mountId(JsonNode request, String field) throws BadRequestException {
        return required(request, field, MountId::new);
    }

    private static <T> T required(JsonNode request, String field, Function<String, T> type) throws BadRequestException {
        try {
            return type.apply(text(request, field));
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(field + ": " + e.getMessage());
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
