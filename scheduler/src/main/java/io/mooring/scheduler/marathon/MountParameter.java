package io.mooring.scheduler.marathon;

import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The Docker parameter {@code mount}, the newer and richer form of {@code volume}:
 * {@code type=volume,source=NAME,target=/path,volume-driver=D,volume-opt=size=5,readonly}. Only volumes are mounted this
 * way; each may have a driver and options of its own.
 */
record MountParameter(Fields parameter, Map<String, String> said, Map<String, String> options) {
    private static final Map<String, String> SHORT = Map.of("src", "source", "dst", "target", "destination", "target");
    private static final List<String> KEYS =
            List.of("type", "source", "target", "readonly", "ro", "volume-driver", "volume-opt", "volume-nocopy");

    /** Reads one; what is wrong with it is told at the parameter's value. */
    static Optional<DraftVolume> read(Fields parameter, String value, Optional<DriverName> common) {
        Map<String, String> said = new HashMap<>();
        Map<String, String> options = new TreeMap<>();
        for (String piece : value.split(",", -1)) {
            int equals = piece.indexOf('=');
            String written = equals < 0 ? piece : piece.substring(0, equals);
            String key = SHORT.getOrDefault(written, written);
            String rest = equals < 0 ? "true" : piece.substring(equals + 1);
            if (!KEYS.contains(key)) {
                parameter.error(
                        "value", "has the key '" + printable(written) + "'", "one of " + String.join(", ", KEYS));
            } else if (key.equals("volume-opt")) {
                option(parameter, rest, options);
            } else {
                said.put(key, rest);
            }
        }
        return new MountParameter(parameter, said, options).volume(common);
    }

    private static void option(Fields parameter, String written, Map<String, String> options) {
        int equals = written.indexOf('=');
        if (equals <= 0) {
            parameter.error("value", "has the volume-opt '" + printable(written) + "'", "volume-opt=key=value");
        } else {
            options.put(written.substring(0, equals), written.substring(equals + 1));
        }
    }

    private Optional<DraftVolume> volume(Optional<DriverName> common) {
        String type = said.getOrDefault("type", "volume");
        if (!type.equals("volume")) {
            parameter.error("value", "mounts type " + printable(type) + " without a claim", "type=volume");
            return Optional.empty();
        }
        Optional<String> target = Optional.ofNullable(said.get("target"));
        if (target.isEmpty()) {
            parameter.error("value", "has no target", "target=/path, where the container sees the volume");
        } else {
            Volumes.checkPath(target.get(), parameter, "value", Volumes.Relative.REFUSED);
        }
        Optional<DriverName> driver = said.containsKey("volume-driver")
                ? Volumes.driver(said.get("volume-driver"), parameter, "value")
                : common;
        if (driver.isEmpty() && !said.containsKey("volume-driver")) {
            parameter.error(
                    "value", "names a volume, and nothing says which plugin has it", "volume-driver=rexray, or such");
        }
        if (!said.containsKey("source")) {
            parameter.error("value", "has no source; a volume without a name belongs to nobody", "source=name");
            return Optional.empty();
        }
        Optional<DraftName> name = Volumes.draftName(said.get("source"), parameter, "value");
        Map<String, String> checked = Volumes.options(options, parameter, key -> "value");
        MountMode mode = mode();
        if (driver.isEmpty() || name.isEmpty() || !target.orElse("").startsWith("/")) {
            return Optional.empty();
        }
        String at = parameter.at("value");
        return Optional.of(new DraftVolume(
                driver.get(),
                name.get(),
                checked,
                target,
                mode,
                CreatePolicy.IF_MISSING,
                new VolumeFields(at, at, at)));
    }

    private MountMode mode() {
        String only = said.getOrDefault("readonly", said.getOrDefault("ro", "false"));
        return switch (only) {
            case "true", "1" -> MountMode.READ_ONLY;
            case "false", "0" -> MountMode.READ_WRITE;
            default -> {
                parameter.error("value", "has readonly=" + printable(only), "readonly, or readonly=false");
                yield MountMode.READ_WRITE;
            }
        };
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
