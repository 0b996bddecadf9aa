package io.mooring.scheduler.rest;

import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.AppRequests.Force;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.KillRequests.Killed;
import io.mooring.scheduler.decision.KillRequests.Scale;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.task.Task;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * Tasks that are ended by request, with Marathon's parameters and answers: the tasks, or, when their apps get smaller by
 * them, the deployment. {@code wipe} adds nothing: volumes of apps are never removed with a task.
 */
final class Kills {
    private static final String BOTH = "You cannot use scale and wipe at the same time.";

    private final EngineAccess engine;

    Kills(EngineAccess engine) {
        this.engine = engine;
    }

    /** What the request says beside which tasks it means. */
    record Manner(boolean scale, boolean wipe, boolean force) {
        private Scale scaling() {
            return scale ? Scale.DOWN : Scale.KEEP;
        }

        private Force forcing() {
            return AppsResource.force(force);
        }
    }

    /**
     * Ends tasks of several apps.
     *
     * @param view what is answered when the apps keep their size
     */
    Response kill(Map<AppId, Predicate<Task>> meant, Manner manner, BiFunction<List<Task>, Decider, Response> view) {
        if (manner.scale() && manner.wipe()) {
            return Response.status(400).entity(Map.of("message", BOTH)).build();
        }
        SortedMap<AppId, Predicate<Task>> byApp = new TreeMap<>(meant);
        return engine.ask((decider, decision) -> {
            Answer<Killed> answer = decider.kills().kill(byApp, manner.scaling(), manner.forcing(), decision);
            if (answer instanceof Answer.Refused<Killed> refused) {
                return Problem.marathon(refused);
            }
            Killed killed = ((Answer.Ok<Killed>) answer).value();
            return killed.change()
                    .map(change -> AppsResource.changed(Answer.ok(change), 200, List.of()))
                    .orElseGet(() -> view.apply(killed.tasks(), decider));
        });
    }
}
