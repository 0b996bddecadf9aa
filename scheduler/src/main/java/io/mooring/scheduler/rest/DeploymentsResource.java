package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.AppRequests.Force;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Decision;
import io.mooring.scheduler.decision.Wanted;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppVersion;
import io.mooring.scheduler.deployment.Plan;
import io.mooring.scheduler.marathon.AppReader;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Marathon's {@code /v2/deployments}: changes on their way, and their end. */
@Path("/v2/deployments")
@Produces(MediaType.APPLICATION_JSON)
public final class DeploymentsResource {
    private final EngineAccess engine;
    private final AppDrafts drafts;

    DeploymentsResource(EngineAccess engine, AppDrafts drafts) {
        this.engine = engine;
        this.drafts = drafts;
    }

    @GET
    public ArrayNode list() {
        return engine.ask((decider, decision) -> {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            decider.deployments().all().forEach(plan -> list.add(view(plan, decider, decision)));
            return list;
        });
    }

    /** Ends a change: by default by another one that brings the apps back to what they were. */
    @DELETE
    @Path("/{id}")
    public Response end(@PathParam("id") String id, @QueryParam("force") @DefaultValue("false") boolean force) {
        if (force) {
            Answer<String> stopped =
                    engine.ask((decider, decision) -> decider.deployments().stop(id, decision));
            return stopped instanceof Answer.Refused<String> refused
                    ? Problem.marathon(refused)
                    : Response.status(202).build();
        }
        List<App> apps = engine.ask((decider, decision) -> decider.deployments().apps(id));
        Answer<List<Wanted>> before = before(apps);
        if (before instanceof Answer.Refused<List<Wanted>> refused) {
            return Problem.marathon(refused);
        }
        List<Wanted> wanted = ((Answer.Ok<List<Wanted>>) before).value();
        return engine.ask((decider, decision) -> {
            boolean same = decider.deployments().apps(id).stream()
                    .map(App::version)
                    .toList()
                    .equals(apps.stream().map(App::version).toList());
            return apps.isEmpty() || !same
                    ? Problem.marathon(decider.deployments().unknown(id))
                    : AppsResource.changed(decider.apps().change(wanted, Force.YES, decision), 200, List.of());
        });
    }

    /** What brings the apps back to what they were. Their definitions have to pass today's checks. */
    private Answer<List<Wanted>> before(List<App> apps) {
        List<Wanted> wanted = new ArrayList<>();
        for (App app : apps) {
            Optional<Instant> before = app.deployment().flatMap(App.Deployment::before);
            if (before.isEmpty()) {
                wanted.add(new Wanted.Delete(app.id()));
                continue;
            }
            Optional<AppVersion> version = engine.earlier(app.id(), before.get());
            if (version.isEmpty()) {
                return Answer.refused(
                        Answer.Why.CONFLICT,
                        "version " + before.get() + " of App '" + app.id()
                                + "' is not kept any more, so that the deployment cannot be undone; with"
                                + " '?force=true' it is stopped where it is");
            }
            Answer<AppReader.Read> read = drafts.version(version.get());
            if (read instanceof Answer.Refused<AppReader.Read> refused) {
                return new Answer.Refused<>(refused.why(), app.id() + ": " + refused.what(), refused.errors());
            }
            wanted.add(new Wanted.Put(((Answer.Ok<AppReader.Read>) read).value().draft()));
        }
        return Answer.ok(wanted);
    }

    private static ObjectNode view(Plan plan, Decider decider, Decision decision) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", plan.id()).put("version", Times.text(plan.version()));
        ArrayNode affected = view.putArray("affectedApps");
        plan.apps().forEach(app -> affected.add(app.path()));
        view.putArray("affectedPods");
        view.set("steps", steps(plan.steps()));
        ArrayNode current = view.putArray("currentActions");
        ArrayNode waiting = JsonNodeFactory.instance.arrayNode();
        for (Plan.Action action : plan.currentActions()) {
            ObjectNode item = action(current.addObject(), action);
            decider.state()
                    .app(action.app())
                    .ifPresent(app -> item.set(
                            "readinessCheckResults",
                            HealthView.readiness(SeenTask.of(decider.state().tasksOf(app.id()), decider))));
            decider.waitsForVolumes(action.app(), decision)
                    .ifPresent(what ->
                            waiting.addObject().put("app", action.app().path()).put("reason", what));
        }
        view.put("currentStep", plan.current()).put("totalSteps", plan.steps().size());
        if (!waiting.isEmpty()) {
            view.putObject("mooring").set("waitingFor", waiting);
        }
        return view;
    }

    static ArrayNode steps(List<Plan.Step> steps) {
        ArrayNode view = JsonNodeFactory.instance.arrayNode();
        steps.forEach(step -> {
            ArrayNode actions = view.addObject().putArray("actions");
            step.actions().forEach(action -> action(actions.addObject(), action));
        });
        return view;
    }

    private static ObjectNode action(ObjectNode view, Plan.Action action) {
        return view.put("action", action.word()).put("app", action.app().path());
    }
}
