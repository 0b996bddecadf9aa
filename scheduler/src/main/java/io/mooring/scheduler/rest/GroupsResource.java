package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.Fault;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.decision.AppRequests.Accepted;
import io.mooring.scheduler.decision.Wanted;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.marathon.RelativePaths;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Marathon's {@code /v2/groups}: apps by their paths, put and removed together. */
@Path("/v2/groups")
@Produces(MediaType.APPLICATION_JSON)
public final class GroupsResource {
    private static final String ROOT = "/";
    private static final String NOT_DRY =
            "there is no dryRun here; a change that is not forced can be undone by DELETE of" + " its deployment";
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
        List<SeenApp> apps = engine.ask((decider, decision) ->
                SeenApp.of(GroupView.below(group.get(), decider.state()), decider, decision.now()));
        GroupView view = new GroupView(embed);
        Optional<ObjectNode> found = view.of(group.get(), apps);
        return found.map(there -> list ? view.apps(apps) : there)
                .map(shown -> Response.ok(shown).build())
                .orElseGet(() -> unknown(meant));
    }

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
        boolean there = !engine.ask((decider, decision) -> GroupView.below(group.get(), decider.state()))
                .isEmpty();
        if (there) {
            return Response.status(409)
                    .entity(Map.of(
                            "message", "Group " + group.get() + " is already created. Use PUT to change this group."))
                    .build();
        }
        Response answer = put(group.get(), force, body, 201);
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
        Optional<Response> formless = formless(body);
        if (formless.isPresent()) {
            return formless.get();
        }
        Optional<String> group = named(body, ROOT);
        return dry || group.isEmpty()
                ? refused(dry ? NOT_DRY : "the 'id' has to be the path of a group")
                : put(group.get(), force, body, 200);
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
        if (dry || formless.isPresent()) {
            return formless.orElseGet(() -> refused(NOT_DRY));
        }
        Optional<String> group = group(path);
        return group.isEmpty() ? unknown(path) : put(group.get(), force, body, 200);
    }

    @DELETE
    public Response deleteRoot(@QueryParam("force") @DefaultValue("false") boolean force) {
        return delete("", force);
    }

    @DELETE
    @Path("/{id:.+}")
    public Response delete(@PathParam("id") String path, @QueryParam("force") @DefaultValue("false") boolean force) {
        Optional<String> group = group(path);
        List<App> apps = apps(group);
        List<Wanted> wanted =
                apps.stream().<Wanted>map(app -> new Wanted.Delete(app.id())).toList();
        return apps.isEmpty() ? unknown(path) : change(wanted, force, 200, new GroupReader(drafts, apps));
    }

    private Response put(String group, boolean force, JsonNode body, int status) {
        List<App> before = apps(Optional.of(group));
        GroupReader reader = new GroupReader(drafts, before);
        if (body.hasNonNull("version") && !body.hasNonNull("apps") && !body.hasNonNull("groups")) {
            return refused(NO_VERSIONS);
        }
        if (body.hasNonNull("scaleBy")) {
            return scale(before, force, body.get("scaleBy"), reader);
        }
        List<Wanted> wanted = reader.read(group, body);
        if (!reader.errors().isEmpty()) {
            return Problem.marathon(invalid(reader.errors()));
        }
        if (wanted.isEmpty()) {
            return refused("the group has no apps, and changes none: a group is there as long as an app is in it");
        }
        return change(wanted, force, status, reader);
    }

    private Response scale(List<App> apps, boolean force, JsonNode factor, GroupReader reader) {
        if (!factor.isNumber() || factor.doubleValue() < 0 || factor.doubleValue() > 1000) {
            Fault fault = factor.isNumber() ? Fault.RULE : Fault.NO_NUMBER;
            return Problem.marathon(
                    invalid(List.of(new FieldError("/scaleBy", "is " + factor, "a number from 0 to 1000", fault))));
        }
        List<Wanted> wanted = apps.stream()
                .<Wanted>map(app -> new Wanted.Scale(app.id(), (int) Math.ceil(app.instances() * factor.doubleValue())))
                .toList();
        return wanted.isEmpty() ? refused("the group has no apps to scale") : change(wanted, force, 200, reader);
    }

    private Response change(List<Wanted> wanted, boolean force, int status, GroupReader reader) {
        return engine.ask((decider, decision) -> {
            Answer<Accepted> answer = decider.apps().change(wanted, AppsResource.force(force), decision);
            return answer instanceof Answer.Refused<Accepted> refused
                    ? Problem.marathon(reader.locate(refused))
                    : AppsResource.changed(answer, status, reader.notes());
        });
    }

    private List<App> apps(Optional<String> group) {
        return engine.ask((decider, decision) ->
                group.map(path -> GroupView.below(path, decider.state())).orElse(List.of()));
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
