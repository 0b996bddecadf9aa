package io.mooring.scheduler.rest;

import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.task.Task;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Marathon's {@code /v2/apps/ID/tasks}: an app's tasks, and their end on demand. */
@Path("/v2/apps/{id:.+}/tasks")
@Produces(MediaType.APPLICATION_JSON)
public final class AppTasksResource {
    private final EngineAccess engine;
    private final Kills kills;

    public AppTasksResource(EngineAccess engine) {
        this.engine = engine;
        this.kills = new Kills(engine);
    }

    /** An app's tasks, or, with {@code /*} behind a group, those of all apps below it. */
    @GET
    public Response list(@PathParam("id") String path) {
        if (path.equals("*") || path.endsWith("/*")) {
            return below("/" + path.replaceFirst("/?\\*$", "").replaceAll("^/+", ""));
        }
        return with(path, (app, decider) -> Response.ok(Map.of(
                        "tasks", AppView.tasks(SeenTask.of(decider.state().tasksOf(app.id()), decider))))
                .build());
    }

    private Response below(String group) {
        return engine.ask((decider, decision) -> {
            List<App> apps = GroupView.below(group, decider.state());
            if (!GroupView.there(group, decider.state())) {
                return GroupsResource.unknown(group);
            }
            List<Task> tasks = apps.stream()
                    .flatMap(app -> decider.state().tasksOf(app.id()).stream())
                    .toList();
            return Response.ok(Map.of("tasks", AppView.tasks(SeenTask.of(tasks, decider))))
                    .build();
        });
    }

    /** For load balancers. */
    @GET
    @Produces("text/plain;qs=0.5")
    public Response lines(@PathParam("id") String path) {
        return with(path, (app, decider) -> Response.ok(
                        TaskLines.of(app, SeenTask.of(decider.state().tasksOf(app.id()), decider)),
                        MediaType.TEXT_PLAIN)
                .build());
    }

    private interface Show {
        Response of(App app, Decider decider);
    }

    private Response with(String path, Show show) {
        Optional<AppId> id = AppPaths.id(path);
        return engine.ask((decider, decision) -> id.flatMap(decider.state()::app)
                .map(app -> show.of(app, decider))
                .orElseGet(() -> AppPaths.unknownToMarathon(path)));
    }

    /** Ends the app's tasks, or those on one host. */
    @DELETE
    public Response kill(
            @PathParam("id") String path,
            @QueryParam("host") String host,
            @QueryParam("scale") @DefaultValue("false") boolean scale,
            @QueryParam("wipe") @DefaultValue("false") boolean wipe,
            @QueryParam("force") @DefaultValue("false") boolean force) {
        Optional<AppId> id = AppPaths.id(path);
        if (id.isEmpty()) {
            return AppPaths.unknownToMarathon(path);
        }
        Predicate<Task> meant = task -> host == null || host.equals("*") || host.equals(task.hostname());
        return kills.kill(
                Map.of(id.get(), meant), new Kills.Manner(scale, wipe, force), (tasks, decider) -> Response.ok(
                                Map.of("tasks", AppView.tasks(SeenTask.of(tasks, decider))))
                        .build());
    }

    @DELETE
    @Path("/{task}")
    public Response killOne(
            @PathParam("id") String path,
            @PathParam("task") String task,
            @QueryParam("scale") @DefaultValue("false") boolean scale,
            @QueryParam("wipe") @DefaultValue("false") boolean wipe,
            @QueryParam("force") @DefaultValue("false") boolean force) {
        Optional<AppId> id = AppPaths.id(path);
        Optional<App> app = engine.ask((decider, decision) -> id.flatMap(decider.state()::app));
        if (app.isEmpty()) {
            return AppPaths.unknownToMarathon(path);
        }
        Predicate<Task> meant = known -> known.id().value().equals(task);
        boolean there = engine.ask((decider, decision) ->
                decider.state().tasksOf(app.get().id()).stream().anyMatch(AppView.SHOWN.and(meant)));
        if (!there) {
            return Response.status(404)
                    .entity(Map.of("message", "Task '" + task + "' does not exist"))
                    .build();
        }
        return kills.kill(
                Map.of(app.get().id(), meant),
                new Kills.Manner(scale, wipe, force),
                (tasks, decider) -> Response.ok(Map.of(
                                "task", tasks.isEmpty() ? Map.of() : AppView.task(SeenTask.of(tasks.get(0), decider))))
                        .build());
    }
}
