package io.mooring.scheduler.decision;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.App.Deployment;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.deployment.Plan;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The order of changes: whose turn it is, what is done, and when all of it is. Each app's record carries its part, so that a
 * new leader goes on where the last one was.
 */
final class DeploymentDecisions {
    private final ClusterState state;

    DeploymentDecisions(ClusterState state) {
        this.state = state;
    }

    void started(String id, Decision decision) {
        Collection<App> apps = state.deploying(id);
        if (!apps.isEmpty()) {
            decision.publish("deployment_started", facts(apps));
            decision.publish("deployment_info", facts(apps));
        }
    }

    /** Whether anything may be done to the app now: all that comes before it in its change is done. */
    boolean turn(App app) {
        return open(app).map(part -> before(part).isEmpty()).orElse(true);
    }

    /** Whether its tasks are being replaced. */
    boolean replacing(App app) {
        return open(app)
                .filter(part -> part.action() == Deployment.Action.RESTART)
                .isPresent();
    }

    /** The apps that the app waits for in its change. */
    List<App> before(App app) {
        return open(app).map(this::before).orElse(List.of());
    }

    /**
     * The app is as it should be.
     *
     * @return the apps whose turn it is by that
     */
    List<AppId> done(App app, Decision decision) {
        Deployment part = app.deployment().orElseThrow();
        List<App> open = state.deploying(part.id()).stream()
                .filter(other -> !other.id().equals(app.id()))
                .filter(other -> !other.deployment().orElseThrow().done())
                .toList();
        if (open.isEmpty()) {
            finish(List.copyOf(state.deploying(part.id())), decision);
            return List.of();
        }
        decision.record(new StoreRecord.PutApp(app.deployed()));
        return step(part, open, decision);
    }

    /**
     * The app is no more, as its change wanted.
     *
     * @return the apps whose turn it is by that
     */
    List<AppId> gone(App removed, Decision decision) {
        if (removed.deployment().isEmpty()) {
            return List.of();
        }
        Deployment part = removed.deployment().get();
        List<App> left = List.copyOf(state.deploying(part.id()));
        List<App> open = left.stream()
                .filter(other -> !other.deployment().orElseThrow().done())
                .toList();
        if (left.isEmpty()) {
            decision.publish("deployment_success", facts(List.of(removed)));
        } else if (open.isEmpty()) {
            finish(left, decision);
        } else {
            return step(part, open, decision);
        }
        return List.of();
    }

    /** Stops the change where it is: its apps stay what they are said to be, and nothing more is done for it. */
    void cancel(String id, Decision decision) {
        List<App> apps = List.copyOf(state.deploying(id));
        if (!apps.isEmpty()) {
            decision.publish("deployment_failed", facts(apps));
            apps.forEach(app -> decision.record(new StoreRecord.PutApp(app.withDeployment(Optional.empty()))));
        }
    }

    private List<AppId> step(Deployment part, List<App> open, Decision decision) {
        int next = open.stream()
                .mapToInt(other -> other.deployment().orElseThrow().level())
                .min()
                .orElseThrow();
        if (next <= part.level()) {
            return List.of();
        }
        Collection<App> apps = state.deploying(part.id());
        decision.publish("deployment_step_success", facts(apps));
        decision.publish("deployment_info", facts(apps));
        return open.stream()
                .filter(other -> other.deployment().orElseThrow().level() == next)
                .map(App::id)
                .toList();
    }

    private void finish(List<App> apps, Decision decision) {
        decision.publish("deployment_step_success", facts(apps));
        decision.publish("deployment_success", facts(apps));
        apps.forEach(app -> decision.record(new StoreRecord.PutApp(app.withDeployment(Optional.empty()))));
    }

    private Optional<Deployment> open(App app) {
        return app.deployment().filter(part -> !part.done());
    }

    private List<App> before(Deployment part) {
        return state.deploying(part.id()).stream()
                .filter(other -> other.deployment().orElseThrow().level() < part.level())
                .filter(other -> !other.deployment().orElseThrow().done())
                .toList();
    }

    private static Facts facts(Collection<App> apps) {
        Plan plan = Plan.of(apps);
        return Facts.of("deployment", plan.id())
                .and("version", plan.version())
                .and(
                        plan.apps().size() == 1 ? "app" : "apps",
                        plan.apps().stream().map(AppId::path).collect(Collectors.joining(",")))
                .and("step", plan.current())
                .and("steps", plan.steps().size())
                .and(
                        "actions",
                        plan.currentActions().stream()
                                .map(action -> action.word() + " " + action.app())
                                .collect(Collectors.joining(",")));
    }
}
