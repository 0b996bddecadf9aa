package io.mooring.scheduler.decision;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.App.Deployment;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.deployment.Plan;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
            new DeploymentNotices(decision).started(Plan.of(apps));
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
        List<App> others = state.deploying(app.deployment().orElseThrow().id()).stream()
                .filter(other -> !other.id().equals(app.id()))
                .toList();
        if (others.stream().allMatch(DeploymentDecisions::isDone)) {
            finish(app, others, decision);
            decision.record(new StoreRecord.PutApp(app.withDeployment(Optional.empty())));
            return List.of();
        }
        decision.record(new StoreRecord.PutApp(app.deployed()));
        return step(app, others, decision);
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
        List<App> left = List.copyOf(state.deploying(removed.deployment().get().id()));
        if (left.stream().allMatch(DeploymentDecisions::isDone)) {
            finish(removed, left, decision);
            return List.of();
        }
        return step(removed, left, decision);
    }

    /** Stops the change where it is: its apps stay what they are said to be, and nothing more is done for it. */
    void cancel(String id, String reason, Decision decision) {
        List<App> apps = List.copyOf(state.deploying(id));
        if (!apps.isEmpty()) {
            new DeploymentNotices(decision).givenUp(Plan.of(apps), reason);
            apps.forEach(app -> decision.record(new StoreRecord.PutApp(app.withDeployment(Optional.empty()))));
        }
    }

    private List<AppId> step(App app, List<App> others, Decision decision) {
        Plan before = plan(app, others);
        Plan now = plan(app.deployed(), others);
        if (before.current() == now.current()) {
            return List.of();
        }
        new DeploymentNotices(decision).advanced(now, before.current());
        List<App> open = others.stream().filter(other -> !isDone(other)).toList();
        int next = open.stream()
                .mapToInt(other -> other.deployment().orElseThrow().level())
                .min()
                .orElseThrow();
        return open.stream()
                .filter(other -> other.deployment().orElseThrow().level() == next)
                .map(App::id)
                .toList();
    }

    private static void finish(App last, List<App> others, Decision decision) {
        new DeploymentNotices(decision).finished(plan(last, others));
        others.forEach(app -> decision.record(new StoreRecord.PutApp(app.withDeployment(Optional.empty()))));
    }

    private static Plan plan(App app, List<App> others) {
        return Plan.of(Stream.concat(Stream.of(app), others.stream())
                .sorted(Comparator.comparing(App::id))
                .toList());
    }

    private static boolean isDone(App app) {
        return app.deployment().orElseThrow().done();
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
}
