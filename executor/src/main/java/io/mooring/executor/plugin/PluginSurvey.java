package io.mooring.executor.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.command.ExecutorReport.VolumeSeen;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.engine.SurveyPort;
import io.mooring.executor.mount.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What all plugins of this agent say of themselves and of their volumes. It asks only; nothing is touched. */
public final class PluginSurvey implements SurveyPort {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Plugins plugins;

    /** @param plugins with no patience: a plugin that is not there is reported as not healthy */
    public PluginSurvey(Plugins plugins) {
        this.plugins = plugins;
    }

    /** One report for each volume plugin that has a socket or file here. */
    @Override
    public List<PluginReport> take() {
        List<PluginReport> reports = new ArrayList<>();
        for (DriverName driver : plugins.names()) {
            Outcome<JsonNode> activated = ask(driver, "Plugin.Activate");
            if (!(activated instanceof Outcome.Done<JsonNode> done)) {
                reports.add(new PluginReport(
                        driver, false, driver.value(), false, Optional.empty(), OptionalLong.empty(), List.of()));
            } else if (implementsVolumes(done.value())) {
                reports.add(healthy(driver));
            }
        }
        return reports;
    }

    private PluginReport healthy(DriverName driver) {
        JsonNode scope =
                answer(driver, "VolumeDriver.Capabilities").path("Capabilities").path("Scope");
        JsonNode own = answer(driver, "Mooring.Capabilities");
        String generation = own.path("Driver").isTextual()
                ? own.path("Driver").asText() + " " + own.path("Version").asText("")
                : driver.value();
        Optional<String> fenceClass =
                own.path("Class").isTextual() ? Optional.of(own.path("Class").textValue()) : Optional.empty();
        return new PluginReport(
                driver,
                true,
                generation.strip(),
                scope.asText("").equalsIgnoreCase("global"),
                fenceClass,
                free(driver),
                volumes(driver),
                cannotMake(own));
    }

    private static Map<String, String> cannotMake(JsonNode own) {
        Map<String, String> reasons = new TreeMap<>();
        own.path("CannotMake")
                .properties()
                .forEach(entry -> reasons.put(entry.getKey(), entry.getValue().asText()));
        return reasons;
    }

    private OptionalLong free(DriverName driver) {
        JsonNode capacity = answer(driver, "Mooring.Capacity");
        if (!capacity.path("TotalBytes").isIntegralNumber()) {
            return OptionalLong.empty();
        }
        // Volumes grow up to their nominal size, so what is promised counts as much as what is used.
        long taken = Math.max(
                capacity.path("UsedBytes").asLong(),
                capacity.path("ProvisionedBytes").asLong());
        return OptionalLong.of(Math.max(0, capacity.path("TotalBytes").asLong() - taken));
    }

    private List<VolumeSeen> volumes(DriverName driver) {
        JsonNode own = answer(driver, "Mooring.Volumes").path("Volumes");
        JsonNode listed =
                own.isArray() ? own : answer(driver, "VolumeDriver.List").path("Volumes");
        List<VolumeSeen> seen = new ArrayList<>();
        for (JsonNode volume : listed) {
            name(volume.path("Name").asText("")).ifPresent(name -> seen.add(volume(name, volume)));
        }
        return seen;
    }

    private static VolumeSeen volume(VolumeName name, JsonNode volume) {
        JsonNode size = volume.has("SizeGb")
                ? volume.path("SizeGb")
                : volume.path("Status").path("size");
        return new VolumeSeen(
                name,
                size.isIntegralNumber() ? OptionalLong.of(size.asLong()) : OptionalLong.empty(),
                ListedVolume.attachment(volume.path("Attachment")));
    }

    /** A name that Mooring does not allow cannot be asked for, so it is not listed either. */
    private static Optional<VolumeName> name(String text) {
        try {
            return Optional.of(new VolumeName(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean implementsVolumes(JsonNode activated) {
        for (JsonNode each : activated.path("Implements")) {
            if (each.asText().equals("VolumeDriver")) {
                return true;
            }
        }
        return false;
    }

    private JsonNode answer(DriverName driver, String method) {
        Outcome<JsonNode> outcome = ask(driver, method);
        return outcome instanceof Outcome.Done<JsonNode> done ? done.value() : plugins.empty();
    }

    private Outcome<JsonNode> ask(DriverName driver, String method) {
        return plugins.call(driver, method, plugins.empty(), DEADLINE);
    }
}
