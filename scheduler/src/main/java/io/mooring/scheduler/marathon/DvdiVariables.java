package io.mooring.scheduler.marathon;

import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Volumes in {@code DVDI_*} variables, as mesos-module-dvdi reads them: ten slots, none and 0 being the
 * same. Any other suffix is refused by name, and so is {@code DVDI_VOLUME_DVDCLI}, which would choose a program to be run
 * as root.
 */
final class DvdiVariables {
    private static final Pattern FORM =
            Pattern.compile("DVDI_VOLUME_(NAME|DRIVER|OPTS|CONTAINERPATH|EXPLICITCREATE|DVDCLI)([0-9]?)");
    private static final String DEFAULT_DRIVER = "rexray";

    private DvdiVariables() {}

    /** The volumes, by slot; errors go to {@code env}. */
    static List<DraftVolume> read(Map<String, String> environment, Fields env) {
        Map<Integer, Map<String, String>> slots = new TreeMap<>();
        environment.forEach((key, value) -> {
            if (!key.startsWith("DVDI_")) {
                return;
            }
            Matcher form = FORM.matcher(key);
            if (!form.matches()) {
                env.error(
                        key,
                        "is no DVDI variable",
                        "DVDI_VOLUME_NAME, _DRIVER, _OPTS, _CONTAINERPATH or _EXPLICITCREATE with no digit or one");
            } else if (form.group(1).equals("DVDCLI")) {
                env.error(key, "would choose a program that is run as root", "this variable left out");
            } else {
                int slot = form.group(2).isEmpty() ? 0 : Integer.parseInt(form.group(2));
                slots.computeIfAbsent(slot, s -> new LinkedHashMap<>()).put(form.group(1), value);
            }
        });
        List<DraftVolume> volumes = new ArrayList<>();
        slots.forEach((slot, variables) -> {
            // A slot without a name is no volume, whatever else is set: the module has it so.
            if (!variables.getOrDefault("NAME", "").isEmpty()) {
                volume(slot, variables, env).ifPresent(volumes::add);
            }
        });
        return volumes;
    }

    private static Optional<DraftVolume> volume(int slot, Map<String, String> variables, Fields env) {
        String suffix = slot == 0 ? "" : Integer.toString(slot);
        Optional<DraftName> name = Volumes.draftName(variables.get("NAME"), env, "DVDI_VOLUME_NAME" + suffix);
        Optional<DriverName> driver =
                Volumes.driver(variables.getOrDefault("DRIVER", DEFAULT_DRIVER), env, "DVDI_VOLUME_DRIVER" + suffix);
        Map<String, String> options = options(variables.getOrDefault("OPTS", ""), env, "DVDI_VOLUME_OPTS" + suffix);
        Optional<String> path =
                Optional.ofNullable(variables.get("CONTAINERPATH")).filter(p -> !p.isEmpty());
        path.ifPresent(p -> Volumes.checkPath(p, env, "DVDI_VOLUME_CONTAINERPATH" + suffix, Volumes.Relative.REFUSED));
        boolean explicit =
                variables.getOrDefault("EXPLICITCREATE", "false").trim().equalsIgnoreCase("true");
        if (name.isEmpty() || driver.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new DraftVolume(
                driver.get(),
                name.get(),
                options,
                path,
                MountMode.READ_WRITE,
                explicit ? CreatePolicy.NEVER : CreatePolicy.IF_MISSING,
                new VolumeFields(
                        env.at("DVDI_VOLUME_NAME" + suffix),
                        env.at("DVDI_VOLUME_DRIVER" + suffix),
                        env.at("DVDI_VOLUME_OPTS" + suffix))));
    }

    private static Map<String, String> options(String written, Fields env, String variable) {
        Map<String, String> options = new TreeMap<>();
        for (String piece : written.split(",", -1)) {
            int equals = piece.indexOf('=');
            if (piece.isBlank()) {
                continue;
            }
            if (equals <= 0) {
                env.error(
                        variable, "has the piece '" + piece + "'", "pieces of the form key=value, separated by commas");
            } else {
                options.put(piece.substring(0, equals).trim(), piece.substring(equals + 1));
            }
        }
        return Volumes.options(options, env, key -> variable);
    }
}
