package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.Fault;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.decision.GroupRequests.Changed;
import io.mooring.scheduler.decision.GroupRequests.Wish;
import io.mooring.scheduler.decision.Wanted;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.Group;
import io.mooring.scheduler.deployment.Plan;
import io.mooring.scheduler.marathon.RelativePaths;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Marathon's {@code /v2/groups}: apps by their paths, put and removed together, and groups that have none yet. */
@Path("/v2/groups")
@Produces(MediaType.APPLICATION_JSON)
public final class GroupsResource {
    private static final String ROOT = "/";
    private static final String NO_PATCH =
            "a group has no 'enforceRole' here, which is all that PATCH sets; PUT changes apps";
    private static final String NO_VERSIONS = "groups have no versions here; go back by the versions of their apps";

    private final EngineAccess engine;
    private final AppDrafts drafts;

    GroupsResource(EngineAccess engine, AppDrafts drafts) {
        this.engine = engine;
        this.drafts = drafts;
    }

    @GET
    public Response root(@QueryParam("embed") List<String> embed) {
        return show("", embed);
    }

    /** A group, or with {@code /apps} behind it the list of all its apps. */
    @GET
    @Path("/{id:.+}")
    public Response show(@PathParam("id") String path, @QueryParam("embed") List<String> embed) {
        if (path.matches("(.*/)?versions(/[^/]*)?")) {
            return message(404, NO_VERSIONS);
        }
        boolean list = path.matches("(.*/)?apps");
        String meant = list ? path.substring(0, path.length() - "apps".length()) : path;
        Optional<String> group = group(meant);
        if (group.isEmpty()) {
            return unknown(meant);
        }
        Seen seen = engine.ask((decider, decision) -> new Seen(
                SeenApp.of(GroupView.below(group.get(), decider.state()), decider, decision.now()),
                GroupView.groups(group.get(), decider.state())));
        List<SeenApp> apps = seen.apps();
        GroupView view = new GroupView(embed);
        Optional<ObjectNode> found = view.of(group.get(), apps, seen.groups());
        return found.map(there -> list ? view.apps(apps) : there)
                .map(shown -> Response.ok(shown).build())
                .orElseGet(() -> unknown(meant));
    }

    private record Seen(List<SeenApp> apps, List<Group> groups) {}

    /** A new group; its path is in the body. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@QueryParam("force") @DefaultValue("false") boolean force, JsonNode body) {
        return createBelow("", force, body);
    }

    /** A new group below that one, or that one where the body names none. */
    @POST
    @Path("/{id:.+}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response createBelow(
            @PathParam("id") String path, @QueryParam("force") @DefaultValue("false") boolean force, JsonNode body) {
        Optional<Response> formless = formless(body);
        if (formless.isPresent()) {
            return formless.get();
        }
        Optional<String> group = group(path).flatMap(parent -> named(body, parent));
        if (group.isEmpty() || group.get().equals(ROOT)) {
            return refused("the 'id' has to be the path of a group");
        }
        if (before(group.get()).any()) {
            return Response.status(409)
                    .entity(Map.of(
                            "message", "Group " + group.get() + " is already created. Use PUT to change this group."))
                    .build();
        }
        Response answer = put(group.get(), force, body, Form.NEW);
        return answer.getStatus() == 201
                ? Response.fromResponse(answer).header("Location", group.get()).build()
                : answer;
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public Response updateRoot(
            @QueryParam("force") @DefaultValue("false") boolean force,
            @QueryParam("dryRun") @DefaultValue("false") boolean dry,
            JsonNode body) {
        return update("", force, dry, body);
    }

    /** What the body lists of apps and of groups is all that there is to be of each; what it does not mention stays. */
    @PUT
    @Path("/{id:.+}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response update(
            @PathParam("id") String path,
            @QueryParam("force") @DefaultValue("false") boolean force,
            @QueryParam("dryRun") @DefaultValue("false") boolean dry,
            JsonNode body) {
        Optional<Response> formless = formless(body);
        if (formless.isPresent()) {
            return formless.get();
        }
        Optional<String> group = group(path).flatMap(parent -> named(body, parent));
        return group.isEmpty()
                ? refused("the path, and the 'id', have to be those of a group")
                : put(group.get(), force, body, dry ? Form.DRY : Form.OLD);
    }

    /** Marathon's way to set the only field that has an effect of its own there, and none here. */
    @PATCH
    @Path("/{id:.+}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response patch(@PathParam("id") String path) {
        boolean there = group(path).map(this::before).filter(Before::any).isPresent();
        return there ? refused(NO_PATCH) : unknown(path);
    }

    @DELETE
    public Response deleteRoot(@QueryParam("force") @DefaultValue("false") boolean force) {
        return delete("", force);
    }

    @DELETE
    @Path("/{id:.+}")
    public Response delete(@PathParam("id") String path, @QueryParam("force") @DefaultValue("false") boolean force) {
        Optional<String> group = group(path);
        Before before = group.map(this::before).orElse(new Before(List.of(), List.of()));
        if (!before.any() && !group.equals(Optional.of(ROOT))) {
            return unknown(path);
        }
        Wish wish = new Wish(
                before.apps().stream()
                        .<Wanted>map(app -> new Wanted.Delete(app.id()))
                        .toList(),
                List.of(),
                before.groups().stream().map(Group::path).toList());
        return change(wish, force, Form.OLD, before.reader(drafts));
    }

    /** What there is of a group before a change. */
    private record Before(List<App> apps, List<Group> groups) {
        private boolean any() {
            return !apps.isEmpty() || !groups.isEmpty();
        }

        private GroupReader reader(AppDrafts drafts) {
            return new GroupReader(drafts, apps, groups);
        }
    }

    private Before before(String group) {
        return engine.ask((decider, decision) ->
                new Before(GroupView.below(group, decider.state()), GroupView.groups(group, decider.state())));
    }

    /** How a change is made, and answered. */
    private enum Form {
        NEW,
        OLD,
        DRY
    }

    private Response put(String group, boolean force, JsonNode body, Form form) {
        Before before = before(group);
        GroupReader reader = before.reader(drafts);
        if (body.hasNonNull("version") && !body.hasNonNull("apps") && !body.hasNonNull("groups")) {
            return refused(NO_VERSIONS);
        }
        if (body.hasNonNull("scaleBy")) {
            return scale(before.apps(), force, body.get("scaleBy"), form, reader);
        }
        Wish wish = reader.read(group, body);
        return reader.errors().isEmpty()
                ? change(wish, force, form, reader)
                : Problem.marathon(invalid(reader.errors()));
    }

    private Response scale(List<App> apps, boolean force, JsonNode factor, Form form, GroupReader reader) {
        if (!factor.isNumber() || factor.doubleValue() < 0 || factor.doubleValue() > 1000) {
            Fault fault = factor.isNumber() ? Fault.RULE : Fault.NO_NUMBER;
            return Problem.marathon(
                    invalid(List.of(new FieldError("/scaleBy", "is " + factor, "a number from 0 to 1000", fault))));
        }
        List<Wanted> wanted = apps.stream()
                .<Wanted>map(app -> new Wanted.Scale(app.id(), (int) Math.ceil(app.instances() * factor.doubleValue())))
                .toList();
        return wanted.isEmpty()
                ? refused("the group has no apps to scale")
                : change(new Wish(wanted, List.of(), List.of()), force, form, reader);
    }

    private Response change(Wish wish, boolean force, Form form, GroupReader reader) {
        return form == Form.DRY
                ? preview(wish, reader)
                : engine.ask((decider, decision) -> {
                    Answer<Changed> answer = decider.groups().change(wish, AppsResource.force(force), decision);
                    if (answer instanceof Answer.Refused<Changed> refused) {
                        return Problem.marathon(reader.locate(refused));
                    }
                    Changed changed = ((Answer.Ok<Changed>) answer).value();
                    List<String> notes = new ArrayList<>(reader.notes());
                    notes.addAll(changed.notes());
                    return AppsResource.changed(
                            changed.deployment(), changed.version(), form == Form.NEW ? 201 : 200, notes);
                });
    }

    private Response preview(Wish wish, GroupReader reader) {
        Answer<List<Plan.Step>> answer =
                engine.ask((decider, decision) -> decider.groups().preview(wish, decision));
        if (answer instanceof Answer.Refused<List<Plan.Step>> refused) {
            return Problem.marathon(reader.locate(refused));
        }
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.set("steps", DeploymentsResource.steps(((Answer.Ok<List<Plan.Step>>) answer).value()));
        return Response.ok(view).build();
    }

    /** The answer to what is no group. */
    private static Optional<Response> formless(JsonNode body) {
        if (body == null || !body.isObject()) {
            return Optional.of(Problem.marathon(AppDrafts.wrongBody(body, "an object, a group", Fault.NO_OBJECT)));
        }
        return body.hasNonNull("id") && !body.get("id").isTextual()
                ? Optional.of(Problem.marathon(
                        invalid(List.of(new FieldError("/id", "is not a text", "the path of a group", Fault.NO_TEXT)))))
                : Optional.empty();
    }

    private static Optional<String> named(JsonNode body, String parent) {
        String id = body.path("id").asText();
        return id.isEmpty() || id.equals(ROOT) ? Optional.of(parent) : RelativePaths.below(id, parent);
    }

    private static Optional<String> group(String path) {
        String plain = path.replaceAll("^/+", "").replaceAll("/+$", "");
        return plain.isEmpty() ? Optional.of(ROOT) : RelativePaths.below(plain, ROOT);
    }

    private static Answer.Refused<?> invalid(List<FieldError> errors) {
        return (Answer.Refused<?>) Answer.invalid(errors);
    }

    private static Response refused(String message) {
        return message(422, message);
    }

    private static Response message(int status, String message) {
        return Response.status(status).entity(Map.of("message", message)).build();
    }

    static Response unknown(String path) {
        String printable = path.replaceAll("^/+", "").replaceAll("[^A-Za-z0-9_./-]", "?");
        return Response.status(404)
                .entity(Map.of("message", "Group '/" + printable + "' does not exist"))
                .build();
    }
}
