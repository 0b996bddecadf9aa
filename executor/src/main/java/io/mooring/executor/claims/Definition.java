package io.mooring.executor.claims;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.executor.run.ForeignLaunch;
import io.mooring.executor.run.ForeignTerms;

/** What a launch says of volumes, in the words of the app that it came from: the scheduler reads that as it reads any app. */
final class Definition {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Definition() {}

    static String of(ForeignLaunch launch) {
        ObjectNode app = JSON.createObjectNode();
        ObjectNode environment = app.putObject("env");
        launch.environment().forEach((name, value) -> {
            if (name.startsWith("DVDI_")) {
                environment.put(name, value);
            }
        });
        ObjectNode labels = app.putObject("labels");
        launch.labels().forEach((name, value) -> {
            if (name.startsWith("mooring/") && !name.equals(ForeignTerms.USER)) {
                labels.put(name, value);
            }
        });
        ObjectNode container = app.putObject("container");
        ArrayNode volumes = container.putArray("volumes");
        launch.volumes().forEach(volume -> write(volumes.addObject(), volume));
        ArrayNode parameters = container.putObject("docker").putArray("parameters");
        launch.parameters()
                .forEach(option ->
                        parameters.addObject().put("key", option.key()).put("value", option.value()));
        return app.toString();
    }

    private static void write(ObjectNode to, ForeignLaunch.ExternalVolume volume) {
        to.put("containerPath", volume.containerPath())
                .put("mode", volume.mode().word());
        ObjectNode external =
                to.putObject("external").put("name", volume.name()).put("provider", "dvdi");
        ObjectNode options = external.putObject("options");
        volume.options().forEach((key, value) -> options.put("dvdi/" + key, value));
        options.put("dvdi/driver", volume.driver());
    }
}
