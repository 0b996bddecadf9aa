package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rest of Marathon's API that says how things stand: queue, deployments, leader, info, ping. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class MarathonResource {
    private final EngineAccess engine;
    private final Surroundings surroundings;

    public MarathonResource(EngineAccess engine, Surroundings surroundings) {
        this.engine = engine;
        this.surroundings = surroundings;
    }

    /** Marathon answers this whether it leads or not. */
    @GET
    @Path("ping")
    @Produces("text/plain;qs=1")
    public String ping() {
        return "pong";
    }

    /** The same for clients that take JSON only. */
    @GET
    @Path("ping")
    @Produces("application/json;qs=0.5")
    public String pingInJson() {
        return "\"pong\"";
    }

    @GET
    @Path("v2/info")
    public ObjectNode info() {
        // Asked before: ZooKeeper may be slow to answer, and the engine must not wait for it.
        Optional<String> leader = surroundings.leader();
        Settings settings = surroundings.settings();
        return engine.ask((decider, decision) -> {
            ObjectNode info = JsonNodeFactory.instance.objectNode();
            info.put("name", "mooring");
            info.put("version", surroundings.version());
            info.put("buildref", surroundings.version());
            info.put("elected", leader.equals(Optional.of(surroundings.self())));
            info.put("leader", leader.orElse(null));
            info.put(
                    "frameworkId",
                    decider.state().framework().map(id -> id.value()).orElse(null));
            info.set("marathon_config", SettingsView.marathon(settings, decider.policy()));
            info.set("zookeeper_config", SettingsView.zooKeeper(settings));
            info.set("http_config", SettingsView.http(settings));
            return info;
        });
    }

    @GET
    @Path("v2/leader")
    public Response leader() {
        return surroundings
                .leader()
                .map(leader -> Response.ok(Map.of("leader", leader)).build())
                .orElseGet(() -> Response.status(404)
                        .entity(Map.of("message", "There is no leader"))
                        .build());
    }

    /**
     * Gives the leadership up; another scheduler, or this one after its restart, takes it.
     *
     * @param backup not taken here, and so refused: ZooKeeper's own means do that
     * @param restore the same
     */
    @DELETE
    @Path("v2/leader")
    public Response abdicate(@QueryParam("backup") String backup, @QueryParam("restore") String restore) {
        if (backup != null || restore != null) {
            return Response.status(422)
                    .entity(Map.of(
                            "message",
                            "there is no backup or restore here: the state is in ZooKeeper, which is"
                                    + " backed up by its own means"))
                    .build();
        }
        // Only who leads can: others send the request on, and are refused here if there is nobody.
        engine.ask((decider, decision) -> decider.policy().epoch());
        surroundings.abdicate();
        return Response.ok(Map.of("message", "Leadership abdicated")).build();
    }

    /**
     * What waits, and why it is not starting.
     *
     * @param embed {@code lastUnusedOffers} for an offer of each reason
     */
    @GET
    @Path("v2/queue")
    public StreamingOutput queue(@QueryParam("embed") List<String> embed) {
        QueueView.Offers offers =
                embed.contains("lastUnusedOffers") ? QueueView.Offers.SHOWN : QueueView.Offers.COUNTED;
        List<SeenWaiting> waiting = engine.each(
                (decider, decision) ->
                        decider.state().apps().stream().map(App::id).toList(),
                SeenWaiting::of);
        return JsonList.of("queue", waiting, seen -> QueueView.of(seen, offers));
    }

    /** Lets an app that waits after failures be launched at once. */
    @DELETE
    @Path("v2/queue/{id:.+}/delay")
    public Response resetDelay(@PathParam("id") String path) {
        Optional<AppId> id = AppPaths.id(path);
        if (id.isEmpty()) {
            return AppPaths.unknownToMarathon(path);
        }
        return engine.ask((decider, decision) -> {
            boolean waits = decider.state().app(id.get()).isPresent()
                    && decider.explain(id.get(), decision).missing() > 0;
            Answer<App> answer = waits
                    ? decider.apps().resetDelay(id.get(), decision)
                    : Answer.refused(Answer.Why.NOT_FOUND, "Application " + id.get() + " not found in tasks queue.");
            return answer instanceof Answer.Refused<App> refused
                    ? Problem.marathon(refused)
                    : Response.noContent().build();
        });
    }
}
