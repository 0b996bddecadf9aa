package io.mooring.scheduler.rest;

import io.mooring.common.ids.FrameworkId;
import io.mooring.scheduler.decision.Survivors.LabelledTask;
import io.mooring.scheduler.decision.Survivors.Trace;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What claims look like by the traces that survive without the store; nothing is changed. */
@Path("/v1/rebuild")
@Produces(MediaType.APPLICATION_JSON)
public final class RebuildResource {
    private final EngineAccess engine;
    private final Surroundings surroundings;

    public RebuildResource(EngineAccess engine, Surroundings surroundings) {
        this.engine = engine;
        this.surroundings = surroundings;
    }

    @GET
    public Response traces() {
        Optional<FrameworkId> framework =
                engine.ask((decider, decision) -> decider.state().framework());
        List<LabelledTask> tasks;
        try {
            tasks = framework.isEmpty()
                    ? List.of()
                    : surroundings.tasksAtTheMaster(framework.get().value());
        } catch (IOException e) {
            return Problem.of(
                    502, "the tasks could not be read from the master: " + e.getMessage(), List.of(), "/v1/rebuild");
        }
        return engine.ask((decider, decision) -> Response.ok(Items.of(decider.survivors(tasks).stream()
                        .map(RebuildResource::view)
                        .toList()))
                .build());
    }

    private static Map<String, Object> view(Trace trace) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("volume", trace.volume().value());
        view.put("driver", trace.driver().isEmpty() ? null : trace.driver());
        view.put("claim", trace.claim().map(id -> id.value()).orElse(null));
        view.put("fence", trace.fence().isPresent() ? trace.fence().getAsLong() : null);
        view.put("task", trace.task().map(id -> id.value()).orElse(null));
        view.put("machine", trace.machine().map(key -> key.value()).orElse(null));
        view.put("bootId", trace.boot().map(id -> id.value()).orElse(null));
        view.put("sources", trace.sources());
        view.put("verdict", trace.verdict());
        return view;
    }
}
