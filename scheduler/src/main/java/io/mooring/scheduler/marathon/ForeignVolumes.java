package io.mooring.scheduler.marathon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.definition.VolumeSpec;
import java.util.List;
import java.util.Map;

/**
 * The volumes of an app that Marathon runs itself, from what its task carries of the definition. The three forms and the
 * labels mean what they mean in an app that is posted here, because the same reader reads them.
 */
public final class ForeignVolumes {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ForeignVolumes() {}

    /**
     * Reads them.
     *
     * @param definition a JSON object with {@code env}, {@code labels}, {@code container}
     */
    public static Answer<List<VolumeSpec>> read(String definition) {
        JsonNode tree;
        try {
            tree = JSON.readTree(definition);
        } catch (JsonProcessingException e) {
            return Answer.refused(Answer.Why.INVALID, "the definition is no JSON: " + e.getOriginalMessage());
        }
        if (tree == null || !tree.isObject()) {
            return Answer.refused(Answer.Why.INVALID, "the definition has to be an object with env, labels, container");
        }
        Fields app = Fields.root(tree);
        Map<String, String> environment = app.textMap("env", "a text");
        Map<String, String> labels = app.textMap("labels", "a text");
        DockerParameters parameters = app.object("container")
                .flatMap(container -> container.object("docker"))
                .map(docker -> DockerParameters.read(docker, ContainerPolicy.STRICT))
                .orElse(DockerParameters.NONE);
        List<VolumeSpec> specs = Volumes.read(app, environment, labels, parameters.volumes()).stream()
                .map(Volumes.Located::spec)
                .toList();
        for (VolumeSpec spec : specs) {
            if (spec.template().isPresent()) {
                app.error(
                        "volumes",
                        "names '" + spec.template().get() + "', and only Mooring numbers the instances of its apps",
                        "a name without {index}");
            }
        }
        List<FieldError> errors = app.errors();
        if (!errors.isEmpty()) {
            return Answer.invalid(errors);
        }
        return specs.isEmpty()
                ? Answer.refused(Answer.Why.INVALID, "the definition names no volume")
                : Answer.ok(specs);
    }
}
