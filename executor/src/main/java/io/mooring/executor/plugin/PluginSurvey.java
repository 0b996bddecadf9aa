package io.mooring.executor.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.command.ExecutorReport.VolumeSeen;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.engine.SurveyPort;
import io.mooring.executor.mount.Existence;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.plugin.RexRaySettings.Preempt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What all plugins of this agent say of themselves and of their volumes, and what is found out about them: which kind each
 * is, whether it answers all that is needed, and whether its configuration is dangerous. It asks only; nothing is touched.
 */
public final class PluginSurvey implements SurveyPort {
    private final Plugins plugins;
    private final RexRaySettings rexRay;

    /**
     * @param plugins with no patience: a plugin that is not there is reported as not healthy
     * @param rexRay what is configured on this machine, should one of them be a REX-Ray
     */
    public PluginSurvey(Plugins plugins, RexRaySettings rexRay) {
        this.plugins = plugins;
        this.rexRay = rexRay;
    }

    /** One report for each volume plugin that has a socket or file here. */
    @Override
    public List<PluginReport> take() {
        List<PluginReport> reports = new ArrayList<>();
        for (DriverName driver : plugins.names()) {
            Outcome<JsonNode> activated = ask(driver, "Plugin.Activate");
            if (!(activated instanceof Outcome.Done<JsonNode> done)) {
                reports.add(unhealthy(driver, driver.value(), activated.reason()));
            } else if (implementsVolumes(done.value())) {
                reports.add(report(driver));
            }
        }
        return reports;
    }

    /** One that answers to its name has to answer the calls of a launch, too: it may be up and its storage gone. */
    private PluginReport report(DriverName driver) {
        Outcome<Generation> probed = plugins.generation(driver);
        if (!(probed instanceof Outcome.Done<Generation> generation)) {
            return unhealthy(driver, driver.value(), probed.reason());
        }
        Outcome<JsonNode> listed = ask(driver, "VolumeDriver.List");
        if (!(listed instanceof Outcome.Done<JsonNode> list)) {
            return unhealthy(driver, generation.value().words(), "its List is not answered: " + listed.reason());
        }
        return healthy(driver, generation.value(), list.value());
    }

    private static PluginReport unhealthy(DriverName driver, String generation, String why) {
        return new PluginReport(
                driver,
                false,
                generation,
                false,
                Optional.empty(),
                OptionalLong.empty(),
                List.of(),
                Map.of(),
                List.of(why));
    }

    private PluginReport healthy(DriverName driver, Generation generation, JsonNode listed) {
        JsonNode scope =
                answer(driver, "VolumeDriver.Capabilities").path("Capabilities").path("Scope");
        JsonNode own = generation == Generation.MOORING ? answer(driver, "Mooring.Capabilities") : plugins.empty();
        Preempt preempt = generation.rexRay() ? rexRay.preempt(plugins.socket(driver)) : Preempt.OFF;
        return new PluginReport(
                driver,
                true,
                generation == Generation.MOORING
                        ? (own.path("Driver").asText() + " "
                                        + own.path("Version").asText(""))
                                .strip()
                        : generation.words(),
                scope.asText("").equalsIgnoreCase("global"),
                fenceClass(own, preempt),
                free(driver),
                volumes(driver, listed),
                cannotMake(own),
                remarks(driver, preempt));
    }

    private static Optional<String> fenceClass(JsonNode own, Preempt preempt) {
        if (own.path("Class").isTextual()) {
            return Optional.of(own.path("Class").textValue());
        }
        return preempt == Preempt.ON ? Optional.of("D") : Optional.empty();
    }

    private List<String> remarks(DriverName driver, Preempt preempt) {
        List<String> remarks = new ArrayList<>();
        switch (preempt) {
            case ON ->
                remarks.add("mount.preempt is on in REX-Ray's configuration here: every mount takes the volume from"
                        + " whoever writes to it, so it is of class D; turn it off, Mooring moves volumes itself");
            case UNKNOWN ->
                remarks.add("REX-Ray's configuration is not found here, so it is not known whether mount.preempt is on;"
                        + " name it with rexrayConfigFiles in the agent's configuration");
            case OFF -> {}
        }
        if (plugins.look(driver, new VolumeName(GenerationProbe.NO_VOLUME)) instanceof Outcome.Done<Existence> looked
                && looked.value() == Existence.PRESENT) {
            remarks.add("it answers that it has a volume of any name, so a missing one is never created");
        }
        return remarks;
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

    private List<VolumeSeen> volumes(DriverName driver, JsonNode listed) {
        JsonNode own = answer(driver, "Mooring.Volumes").path("Volumes");
        List<VolumeSeen> seen = new ArrayList<>();
        for (JsonNode volume : own.isArray() ? own : listed.path("Volumes")) {
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
        return plugins.call(driver, method, plugins.empty(), CallKind.INSPECTION);
    }
}
