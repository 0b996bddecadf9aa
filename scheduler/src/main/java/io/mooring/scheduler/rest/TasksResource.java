package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.Fault;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Marathon's {@code /v2/tasks}: the tasks of all apps. */
@Path("/v2/tasks")
@Produces(MediaType.APPLICATION_JSON)
public final class TasksResource {
    private static final Pattern TASK = Pattern.compile("[a-z0-9][!-~]*\\.[!-~]+");

    private final EngineAccess engine;
    private final Kills kills;

    public TasksResource(EngineAccess engine) {
        this.engine = engine;
        this.kills = new Kills(engine);
    }

    /**
     * The tasks that run or are on their way.
     *
     * @param status {@code running} or {@code staging}; other words are left out, as by Marathon
     */
    @GET
    public StreamingOutput list(
            @QueryParam("status") List<String> status, @QueryParam("status[]") List<String> statuses) {
        Predicate<Task> meant = AppView.SHOWN.and(Stream.concat(status.stream(), statuses.stream())
                .flatMap(TasksResource::inState)
                .reduce(Predicate::or)
                .orElse(task -> true));
        List<Shown> tasks = new ArrayList<>();
        for (SeenApp app : seen()) {
            app.tasks().stream()
                    .filter(seen -> meant.test(seen.task()))
                    .forEach(seen -> tasks.add(new Shown(app.app(), seen)));
        }
        return JsonList.of("tasks", tasks, Shown::view);
    }

    private record Shown(App app, SeenTask task) {
        private JsonNode view() {
            return AppView.task(task).set("servicePorts", TaskLines.servicePorts(app));
        }
    }

    private List<SeenApp> seen() {
        return engine.ask((decider, decision) -> SeenApp.of(decider.state().apps(), decider, decision.now()));
    }

    private static Stream<Predicate<Task>> inState(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "running" -> Stream.of(task -> task.state() == TaskState.RUNNING);
            case "staging" ->
                Stream.of(task -> task.state() == TaskState.STAGING || task.state() == TaskState.STARTING);
            default -> Stream.empty();
        };
    }

    /** For load balancers. */
    @GET
    @Produces("text/plain;qs=0.5")
    public String lines() {
        return seen().stream()
                .map(seen -> TaskLines.of(seen.app(), seen.tasks()))
                .collect(Collectors.joining());
    }

    /** Ends the tasks that the body names; ids that no task has (any more) are left out. */
    @POST
    @Path("delete")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response kill(
            @QueryParam("scale") @DefaultValue("false") boolean scale,
            @QueryParam("wipe") @DefaultValue("false") boolean wipe,
            @QueryParam("force") @DefaultValue("false") boolean force,
            JsonNode body) {
        Set<String> ids = new TreeSet<>();
        List<FieldError> formless = formless(body);
        if (!formless.isEmpty()) {
            return Problem.marathon(new Answer.Refused<>(Answer.Why.INVALID, "Invalid JSON", formless));
        }
        for (JsonNode id : body.get("ids")) {
            if (!TASK.matcher(id.asText()).matches()) {
                return invalid("Invalid task id '" + id.asText().replaceAll("[^!-~]", "?")
                        + "'. [the id of a task is the name of its app, a dot, and more]");
            }
            ids.add(id.asText());
        }
        Predicate<Task> meant = task -> ids.contains(task.id().value());
        SortedMap<AppId, Predicate<Task>> byApp = new TreeMap<>();
        engine.ask((decider, decision) -> decider.state().apps().stream()
                        .filter(app ->
                                decider.state().tasksOf(app.id()).stream().anyMatch(meant))
                        .map(App::id)
                        .toList())
                .forEach(app -> byApp.put(app, meant));
        return kills.kill(byApp, new Kills.Manner(scale, wipe, force), (tasks, decider) -> Response.ok(
                        Map.of("tasks", AppView.tasks(SeenTask.of(tasks, decider))))
                .build());
    }

    private static List<FieldError> formless(JsonNode body) {
        List<FieldError> errors = new ArrayList<>();
        if (body == null || !body.isObject()) {
            return AppDrafts.wrongBody(body, "an object with 'ids'", Fault.NO_OBJECT)
                    .errors();
        }
        if (!body.hasNonNull("ids")) {
            errors.add(new FieldError("/ids", "is missing", "a list of task ids", Fault.MISSING));
        } else if (!body.get("ids").isArray()) {
            errors.add(new FieldError("/ids", "is not a list", "a list of task ids", Fault.NO_LIST));
        }
        JsonNode ids = body.path("ids");
        for (int i = 0; ids.isArray() && i < ids.size(); i++) {
            if (!ids.get(i).isTextual()) {
                errors.add(new FieldError("/ids(" + i + ")", "is not a text", "the id of a task", Fault.NO_TEXT));
            }
        }
        return errors;
    }

    private static Response invalid(String message) {
        return Response.status(400).entity(Map.of("message", message)).build();
    }
}
