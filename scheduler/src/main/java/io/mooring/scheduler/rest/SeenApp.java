package io.mooring.scheduler.rest;

import io.mooring.scheduler.cluster.AppRuntime.TaskFailure;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.definition.App;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * An app with its tasks, as they were at one moment. Taken on the engine's thread, which is quick, and written outside of
 * it: definitions are read and texts made of thousands of apps there, while the engine goes on.
 */
record SeenApp(App app, List<SeenTask> tasks, Optional<TaskFailure> lastFailure, Optional<String> role, Instant at) {
    SeenApp {
        tasks = List.copyOf(tasks);
    }

    /** To be called on the engine's thread. */
    static SeenApp of(App app, Decider decider, Instant now) {
        return new SeenApp(
                app,
                SeenTask.of(decider.state().tasksOf(app.id()), decider),
                decider.state().runtime(app.id()).lastFailure(),
                decider.policy().requests().role(),
                now);
    }

    /** To be called on the engine's thread. */
    static List<SeenApp> of(Collection<App> apps, Decider decider, Instant now) {
        return apps.stream().map(app -> of(app, decider, now)).toList();
    }
}
