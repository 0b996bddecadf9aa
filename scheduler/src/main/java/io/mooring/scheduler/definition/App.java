package io.mooring.scheduler.definition;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An app: what the user wants to run, and how many of it.
 *
 * @param version when this definition was given; Marathon's version
 * @param lastScaling when the number of instances was changed last
 * @param lastConfigChange when anything else was changed last
 * @param goal whether the app should exist
 * @param source the definition as JSON, with its defaults filled in, as the API gives it back
 * @param deployment the change that is still going on
 */
public record App(
        AppId id,
        Instant version,
        Instant lastScaling,
        Instant lastConfigChange,
        Goal goal,
        int instances,
        Definition definition,
        String source,
        Optional<Deployment> deployment) {
    /** What is wanted of an app as a whole. */
    public enum Goal {
        RUN,
        DELETE
    }

    /** A change on its way; it is over when the tasks are what the app says. */
    public record Deployment(String id, Instant version) {}

    public App withDeployment(Optional<Deployment> next) {
        return new App(id, version, lastScaling, lastConfigChange, goal, instances, definition, source, next);
    }

    /** How many tasks there should be now. */
    public int wantedInstances() {
        return goal == Goal.DELETE ? 0 : instances;
    }

    /** The volumes of that instance. */
    public List<VolumeSpec> volumes(int instance) {
        return definition.volumes().stream().map(spec -> spec.of(instance)).toList();
    }

    /** Whether each instance has a volume of its own, so that it matters which one is missing. */
    public boolean numbered() {
        return definition.volumes().stream().anyMatch(spec -> spec.template().isPresent());
    }
}
