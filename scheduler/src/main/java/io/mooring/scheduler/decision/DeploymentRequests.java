package io.mooring.scheduler.decision;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.deployment.Plan;
import io.mooring.scheduler.placement.Vetoes.Counted;
import io.mooring.scheduler.task.Task;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What users ask of changes on their way. */
public final class DeploymentRequests {
    private final ClusterState state;
    private final AppDecisions apps;
    private final DeploymentDecisions deployments;

    DeploymentRequests(ClusterState state, AppDecisions apps, DeploymentDecisions deployments) {
        this.state = state;
        this.apps = apps;
        this.deployments = deployments;
    }

    /** Every change on its way, the oldest first. */
    public List<Plan> all() {
        return state.deployments().stream()
                .map(id -> Plan.of(state.deploying(id)))
                .sorted(Comparator.comparing(Plan::version).thenComparing(Plan::id))
                .toList();
    }

    /** The apps of one change, as they are to be; none if there is no such change. */
    public List<App> apps(String id) {
        return List.copyOf(state.deploying(id));
    }

    /** The apps that the app waits for in its change, which have to run, and be healthy, first. */
    public List<AppId> before(AppId id) {
        return state.app(id)
                .map(app -> deployments.before(app).stream().map(App::id).toList())
                .orElse(List.of());
    }

    /** Stops the change where it is. */
    public Answer<String> stop(String id, Decision decision) {
        List<AppId> parts = apps(id).stream().map(App::id).toList();
        if (parts.isEmpty()) {
            return unknown(id);
        }
        deployments.cancel(id, "it was stopped where it is", decision);
        parts.forEach(app -> apps.converge(app, decision));
        return Answer.ok(id);
    }

    /** The answer to a question about a change that there is not. */
    public Answer.Refused<String> unknown(String id) {
        return new Answer.Refused<>(
                Answer.Why.NOT_FOUND,
                "DeploymentPlan " + id.replaceAll("[^A-Za-z0-9-]", "?") + " does not exist",
                List.of());
    }

    /** What keeps the app's tasks from being launched, of what only storage can end: a veto, or a task that has to let go. */
    Optional<String> volumes(AppId app, Explanation explanation) {
        return vetoed(explanation).or(() -> state.tasksOf(app).stream()
                .filter(task -> task.goal() == Task.Goal.STOP)
                .flatMap(task -> state.claimsOf(task.id()).stream())
                .findFirst()
                .map(claim -> "volume " + claim.volume() + " is let go by task " + claim.task() + " on machine "
                        + claim.machine() + ", whose claim is " + claim.state()));
    }

    private static Optional<String> vetoed(Explanation explanation) {
        return explanation.vetoes().stream()
                .filter(veto -> switch (veto.kind()) {
                    case CLAIM, VOLUME_STATE, DRIVER, LOCATION, ZONE, SLOTS, CAPACITY -> true;
                    case MACHINE, ENGINE, MAINTENANCE, RESOURCES, PORTS, CONSTRAINT, ROLE, BACKOFF, NO_OFFERS -> false;
                })
                .findFirst()
                .map(Counted::reason);
    }
}
