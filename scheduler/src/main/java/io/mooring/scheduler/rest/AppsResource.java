package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.AppRequests.Accepted;
import io.mooring.scheduler.decision.AppRequests.Force;
import io.mooring.scheduler.decision.Wanted;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.marathon.AppReader;
import jakarta.servlet.http.HttpServletRequest;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Marathon's {@code /v2/apps}. */
@Path("/v2/apps")
@Produces(MediaType.APPLICATION_JSON)
public final class AppsResource {
    /** The header that names the deployment that a request began. */
    static final String DEPLOYMENT = "Marathon-Deployment-Id";

    private final EngineAccess engine;
    private final AppDrafts drafts;

    public AppsResource(EngineAccess engine, Surroundings surroundings) {
        this.engine = engine;
        this.drafts = new AppDrafts(engine, surroundings);
    }

    @GET
    public Response list(
            @QueryParam("cmd") String command,
            @QueryParam("id") String id,
            @QueryParam("label") String label,
            @QueryParam("embed") List<String> embed) {
        Predicate<App> shown;
        try {
            shown = AppFilter.of(command, id, label);
        } catch (IllegalArgumentException e) {
            return Problem.marathon(new Answer.Refused<>(Answer.Why.INVALID, e.getMessage(), List.of()));
        }
        Set<Embed> embeds = Embed.of(embed);
        List<SeenApp> apps = engine.ask((decider, decision) ->
                SeenApp.of(decider.state().apps().stream().filter(shown).toList(), decider, decision.now()));
        return Response.ok(JsonList.of("apps", apps, app -> AppView.of(app, embeds)))
                .build();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@Context HttpServletRequest request, JsonNode body) {
        Answer<AppReader.Read> read = drafts.whole(body);
        if (read instanceof Answer.Refused<AppReader.Read> refused) {
            return Problem.marathon(refused);
        }
        AppReader.Read app = ((Answer.Ok<AppReader.Read>) read).value();
        return engine.ask((decider, decision) -> {
            Answer<Accepted> answer = decider.apps().create(app.draft(), decision);
            if (answer instanceof Answer.Refused<Accepted> refused) {
                return Problem.marathon(app.locate(refused));
            }
            Accepted accepted = ((Answer.Ok<Accepted>) answer).value();
            PostedApps.put(request, accepted.app());
            ObjectNode view = AppView.of(SeenApp.of(accepted.app(), decider, decision.now()), Set.of());
            AppView.note(view, notes(app, accepted));
            return Response.status(201)
                    .header("Location", accepted.app().id().path())
                    .header(DEPLOYMENT, accepted.deployment().id())
                    .entity(view)
                    .build();
        });
    }

    /** One app, or, with {@code /*} behind a group, all that are below it. */
    @GET
    @Path("/{id:.+}")
    public Response show(@PathParam("id") String path, @QueryParam("embed") List<String> embed) {
        if (path.equals("*") || path.endsWith("/*")) {
            return below(path, Embed.ofOne(embed));
        }
        Optional<AppId> id = AppPaths.id(path);
        Set<Embed> embeds = Embed.ofOne(embed);
        Optional<SeenApp> seen = engine.ask((decider, decision) ->
                id.flatMap(decider.state()::app).map(app -> SeenApp.of(app, decider, decision.now())));
        return seen.map(app -> {
                    ObjectNode view = JsonNodeFactory.instance.objectNode();
                    view.set("app", AppView.of(app, embeds));
                    return Response.ok(view).build();
                })
                .orElseGet(() -> AppPaths.unknownToMarathon(path));
    }

    private Response below(String path, Set<Embed> embeds) {
        String group = "/" + path.replaceFirst("/?\\*$", "").replaceAll("^/+", "");
        Optional<List<SeenApp>> apps = engine.ask((decider, decision) -> GroupView.there(group, decider.state())
                ? Optional.of(SeenApp.of(GroupView.below(group, decider.state()), decider, decision.now()))
                : Optional.<List<SeenApp>>empty());
        return apps.isEmpty()
                ? GroupsResource.unknown(group)
                : Response.ok(JsonList.of("*", apps.get(), app -> AppView.of(app, embeds)))
                        .build();
    }

    /** Puts an app in a new form; by default only the fields that are given change. */
    @PUT
    @Path("/{id:.+}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response update(
            @PathParam("id") String path,
            @QueryParam("force") @DefaultValue("false") boolean force,
            @QueryParam("partialUpdate") @DefaultValue("true") boolean partial,
            @Context HttpServletRequest request,
            JsonNode body) {
        Optional<AppId> id = AppPaths.id(path);
        if (id.isEmpty()) {
            return AppPaths.unknownToMarathon(path);
        }
        return update(request, id.get(), drafts.app(id.get()), body, partial, force);
    }

    /** The same for an app that is there, and for given fields only. */
    @PATCH
    @Path("/{id:.+}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response patch(
            @PathParam("id") String path,
            @QueryParam("force") @DefaultValue("false") boolean force,
            @Context HttpServletRequest request,
            JsonNode body) {
        Optional<AppId> id = AppPaths.id(path);
        Optional<App> before = id.flatMap(drafts::app);
        return before.isEmpty()
                ? AppPaths.unknownToMarathon(path)
                : update(request, id.orElseThrow(), before, body, true, force);
    }

    private Response update(
            HttpServletRequest request, AppId id, Optional<App> before, JsonNode body, boolean partial, boolean force) {
        Answer<AppReader.Read> read = drafts.of(id, before, body, partial);
        if (read instanceof Answer.Refused<AppReader.Read> refused) {
            return Problem.marathon(refused);
        }
        AppReader.Read app = ((Answer.Ok<AppReader.Read>) read).value();
        return engine.ask((decider, decision) -> {
            Answer<Accepted> answer = decider.apps().replace(app.draft(), force(force), decision);
            if (answer instanceof Answer.Refused<Accepted> refused) {
                return Problem.marathon(app.locate(refused));
            }
            PostedApps.put(request, ((Answer.Ok<Accepted>) answer).value().app());
            return before.isPresent()
                    ? changed(answer, 200, app.notes())
                    : Response.fromResponse(changed(answer, 201, app.notes()))
                            .header("Location", id.path())
                            .build();
        });
    }

    /** Puts several apps in a new form, all of them or none, in one deployment; missing ones are made. */
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public Response updateAll(
            @QueryParam("force") @DefaultValue("false") boolean force,
            @QueryParam("partialUpdate") @DefaultValue("true") boolean partial,
            JsonNode body) {
        return change(drafts.all(body, partial, AppDrafts.Missing.MADE), force);
    }

    /** The same for apps that are all there. */
    @PATCH
    @Consumes(MediaType.APPLICATION_JSON)
    public Response patchAll(@QueryParam("force") @DefaultValue("false") boolean force, JsonNode body) {
        return change(drafts.all(body, true, AppDrafts.Missing.REFUSED), force);
    }

    private Response change(Answer<List<AppReader.Read>> read, boolean force) {
        if (read instanceof Answer.Refused<List<AppReader.Read>> refused) {
            return Problem.marathon(refused);
        }
        List<AppReader.Read> apps = ((Answer.Ok<List<AppReader.Read>>) read).value();
        List<Wanted> wanted = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        apps.forEach(app -> {
            wanted.add(new Wanted.Put(app.draft()));
            app.notes().forEach(note -> notes.add(app.draft().id() + ": " + note));
        });
        return engine.ask((decider, decision) -> {
            Answer<Accepted> answer = decider.apps().change(wanted, force(force), decision);
            return answer instanceof Answer.Refused<Accepted> refused
                    ? Problem.marathon(AppDrafts.locate(refused, apps))
                    : changed(answer, 200, notes);
        });
    }

    @DELETE
    @Path("/{id:.+}")
    public Response delete(@PathParam("id") String path, @QueryParam("force") @DefaultValue("true") boolean force) {
        return change(path, (decider, decision, id) -> decider.apps().delete(id, force(force), decision));
    }

    @POST
    @Path("/{id:.+}/restart")
    public Response restart(@PathParam("id") String path, @QueryParam("force") @DefaultValue("false") boolean force) {
        return change(path, (decider, decision, id) -> decider.apps().restart(id, force(force), decision));
    }

    private interface Change {
        Answer<Accepted> make(
                io.mooring.scheduler.decision.Decider decider,
                io.mooring.scheduler.decision.Decision decision,
                AppId id);
    }

    private Response change(String path, Change change) {
        Optional<AppId> id = AppPaths.id(path);
        if (id.isEmpty()) {
            return AppPaths.unknownToMarathon(path);
        }
        return engine.ask((decider, decision) -> changed(change.make(decider, decision, id.get()), 200, List.of()));
    }

    /** What Marathon calls a deployment result. */
    static Response changed(Answer<Accepted> answer, int status, List<String> notes) {
        if (answer instanceof Answer.Refused<Accepted> refused) {
            return Problem.marathon(refused);
        }
        Accepted accepted = ((Answer.Ok<Accepted>) answer).value();
        List<String> all = new ArrayList<>(notes);
        all.addAll(accepted.notes());
        return changed(accepted.deployment().id(), accepted.deployment().version(), status, all);
    }

    /** The same for any change. */
    static Response changed(String deployment, Instant version, int status, List<String> notes) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("version", Times.text(version));
        view.put("deploymentId", deployment);
        AppView.note(view, notes);
        return Response.status(status)
                .header(DEPLOYMENT, deployment)
                .entity(view)
                .build();
    }

    private static List<String> notes(AppReader.Read read, Accepted accepted) {
        List<String> notes = new ArrayList<>(read.notes());
        notes.addAll(accepted.notes());
        return notes;
    }

    static Force force(boolean force) {
        return force ? Force.YES : Force.NO;
    }
}
