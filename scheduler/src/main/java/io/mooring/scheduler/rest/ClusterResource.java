package io.mooring.scheduler.rest;

import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Discrepancies;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Decision;
import io.mooring.scheduler.decision.Explanation;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.placement.Vetoes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cluster as Mooring sees it: claims, agents, status, and why an app waits. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class ClusterResource {
    private final EngineAccess engine;
    private final Surroundings surroundings;

    public ClusterResource(EngineAccess engine, Surroundings surroundings) {
        this.engine = engine;
        this.surroundings = surroundings;
    }

    @GET
    @Path("/claims")
    public Map<String, Object> claims() {
        return Items.of(engine.each(
                (decider, decision) -> decider.state().claims().stream()
                        .sorted(Comparator.comparing(Claim::volume))
                        .map(Claim::id)
                        .toList(),
                (id, decider, decision) -> decider.state().claim(id).map(claim -> ClaimView.of(claim, decider))));
    }

    @GET
    @Path("/agents")
    public Map<String, Object> agents() {
        return Items.of(engine.each(
                (decider, decision) -> AgentView.shown(decider.state()), (id, decider, decision) -> decider.state()
                        .agent(id)
                        .map(agent -> AgentView.of(agent, decider.state(), decider.policy()))));
    }

    @GET
    @Path("/status")
    public Map<String, Object> status() {
        // Asked before: ZooKeeper may be slow to answer, and the engine must not wait for it.
        Optional<String> leader = surroundings.leader();
        Optional<String> master = surroundings.master();
        return engine.ask((decider, decision) -> {
            Map<String, Object> status = new LinkedHashMap<>();
            status.put("version", surroundings.version());
            status.put("self", surroundings.self());
            status.put("leader", leader.orElse(null));
            status.put("epoch", decider.policy().epoch());
            Map<String, Object> framework = new LinkedHashMap<>();
            framework.put(
                    "id", decider.state().framework().map(id -> id.value()).orElse(null));
            framework.put("state", master.isPresent() ? "SUBSCRIBED" : "DISCONNECTED");
            status.put("framework", framework);
            Map<String, Object> mesos = new LinkedHashMap<>();
            mesos.put("master", master.orElse(null));
            mesos.put("state", master.isPresent() ? "CONNECTED" : "DISCONNECTED");
            status.put("mesos", mesos);
            status.put("zookeeper", surroundings.zooKeeperConnected() ? "CONNECTED" : "SUSPENDED");
            status.put("brake", HoldView.of(decider.state().hold(Hold.Kind.BRAKE)));
            status.put(
                    "discrepancies",
                    decider.state().discrepancies().counted().stream()
                            .map(ClusterResource::discrepancy)
                            .toList());
            status.put("safeMode", HoldView.of(decider.state().hold(Hold.Kind.SAFE_MODE)));
            return status;
        });
    }

    private static Map<String, Object> discrepancy(Discrepancies.Counted counted) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", counted.name().word());
        view.put("count", counted.count());
        view.put("example", counted.example());
        return view;
    }

    /** Why an app does not have all its instances: each kind of veto with its count and an example, storage first. */
    @GET
    @Path("/apps/{id:.+}/explain")
    public Response explain(@PathParam("id") String path) {
        Optional<AppId> id = AppPaths.id(path);
        if (id.isEmpty()) {
            return AppPaths.unknown(path, "/explain");
        }
        return engine.ask((decider, decision) -> {
            if (decider.state().app(id.get()).isEmpty()) {
                return AppPaths.unknown(path, "/explain");
            }
            Map<String, Object> view = explanation(id.get(), decider.explain(id.get(), decision), decider.state());
            deployment(id.get(), decider, decision, view);
            return Response.ok(view).build();
        });
    }

    /** What the app's change waits for: apps that come before it, and the volume that keeps its next tasks away. */
    private static void deployment(AppId id, Decider decider, Decision decision, Map<String, Object> view) {
        List<String> before =
                decider.deployments().before(id).stream().map(AppId::path).toList();
        if (!before.isEmpty()) {
            view.put("waitsForApps", before);
            view.put("summary", "its deployment waits until these run, and are healthy: " + String.join(", ", before));
        }
        decider.waitsForVolumes(id, decision).ifPresent(volume -> view.put("waitsForVolume", volume));
    }

    private static Map<String, Object> explanation(AppId id, Explanation explanation, ClusterState state) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("app", id.path());
        view.put("instances", state.app(id).map(app -> app.wantedInstances()).orElse(0));
        view.put("missing", explanation.missing());
        view.put("waitingSince", explanation.since().map(Object::toString).orElse(null));
        view.put("lastRound", explanation.at().map(Object::toString).orElse(null));
        view.put(
                "vetoes",
                explanation.vetoes().stream().map(ClusterResource::veto).toList());
        view.put(
                "summary",
                explanation.missing() == 0
                        ? "nothing is missing"
                        : explanation.vetoes().isEmpty()
                                ? explanation.missing() + " missing; no offer has come yet"
                                : explanation.missing() + " missing: "
                                        + explanation.vetoes().get(0).reason());
        return view;
    }

    private static Map<String, Object> veto(Vetoes.Counted counted) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("kind", counted.kind().name());
        view.put("count", counted.count());
        view.put("reason", counted.reason());
        view.put("agent", counted.agent().orElse(null));
        return view;
    }
}
