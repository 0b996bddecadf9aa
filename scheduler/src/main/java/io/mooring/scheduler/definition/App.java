package io.mooring.scheduler.definition;

import java.time.Instant;
import java.util.ArrayList;
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
 * @param earlier the versions before this one that are kept, the oldest first
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
        Optional<Deployment> deployment,
        List<Instant> earlier) {
    /** How many versions before the present one are kept. */
    public static final int MOST_EARLIER = 25;

    public App {
        // An app that an earlier version of Mooring recorded has none.
        earlier = earlier == null ? List.of() : List.copyOf(earlier);
    }

    /** What is wanted of an app as a whole. */
    public enum Goal {
        RUN,
        DELETE
    }

    /**
     * This app's part of a change on its way, which is over when the tasks of all its apps are what the apps say.
     *
     * @param id of the whole change
     * @param action what is done to this app
     * @param level in which order: the parts of lower levels are done before
     * @param progress of this part
     * @param before the version of this app before the change; empty if there was none
     */
    public record Deployment(
            String id, Instant version, Action action, int level, Progress progress, Optional<Instant> before) {
        public Deployment {
            // What an earlier version of Mooring recorded has an id and a version only.
            action = action == null ? Action.RESTART : action;
            progress = progress == null ? Progress.UNDER_WAY : progress;
            before = before == null ? Optional.empty() : before;
        }

        /** What is done to an app. */
        public enum Action {
            STOP,
            CREATE,
            SCALE,
            RESTART
        }

        /** Whether anything is left to be done. */
        public enum Progress {
            UNDER_WAY,
            DONE
        }

        public boolean done() {
            return progress == Progress.DONE;
        }

        private Deployment finished() {
            return new Deployment(id, version, action, level, Progress.DONE, before);
        }
    }

    public App withDeployment(Optional<Deployment> next) {
        return new App(id, version, lastScaling, lastConfigChange, goal, instances, definition, source, next, earlier);
    }

    /** With its part of the change done. */
    public App deployed() {
        return withDeployment(deployment.map(Deployment::finished));
    }

    /** As the next version of that app: it is among those that are kept, and the oldest of too many is not any more. */
    public App after(App before) {
        List<Instant> kept = new ArrayList<>(before.earlier);
        kept.add(before.version);
        List<Instant> newest = kept.subList(Math.max(0, kept.size() - MOST_EARLIER), kept.size());
        return new App(
                id,
                version,
                lastScaling,
                lastConfigChange,
                goal,
                instances,
                definition,
                source,
                deployment,
                List.copyOf(newest));
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

    /** Whether a task has to be gone before the next one in its place can start: it has a volume that no two can have. */
    public boolean exclusive() {
        return definition.volumes().stream().anyMatch(spec -> !spec.request().shared());
    }
}
