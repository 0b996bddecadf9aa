package io.mooring.scheduler.decision;

import io.mooring.common.command.SchedulerMessage.HandOver;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimEvent;
import io.mooring.scheduler.cluster.AppRuntime;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.AppVersion;
import io.mooring.scheduler.definition.Unreachable;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Brings an app's tasks to what the app says: how many, of which version, and when it is gone. */
final class AppDecisions {
    private static final int RECLAIMS_AT_ONCE = 200;
    private static final int STOPS_AT_ONCE = 150;
    /** In KiB: a decision that is heavier stops no more tasks, so that it fits a transaction with others. */
    private static final int MOST_WEIGHT = 300;

    private static final Duration LONGEST_KILL_PAUSE = Duration.ofMinutes(5);
    private static final Duration SLOW_TO_ANSWER = Duration.ofSeconds(30);
    private static final Duration NO_GRACE = Duration.ofSeconds(1);

    private final ClusterState state;
    private final Policy policy;
    private final ClaimDecisions claims;
    private final HandOvers handOvers;
    private final DeploymentDecisions deployments;
    private final ReadinessDecisions readiness;
    private final Rollout rollout;
    private final Demand demand;
    private final SortedMap<AppId, Integer> missing = new TreeMap<>();

    AppDecisions(
            ClusterState state,
            Policy policy,
            ClaimDecisions claims,
            HandOvers handOvers,
            DeploymentDecisions deployments,
            ReadinessDecisions readiness,
            Demand demand) {
        this.deployments = deployments;
        this.readiness = readiness;
        this.rollout = new Rollout(state);
        this.state = state;
        this.policy = policy;
        this.claims = claims;
        this.handOvers = handOvers;
        this.demand = demand;
    }

    /** How many instances each app lacks. */
    SortedMap<AppId, Integer> missing() {
        return missing;
    }

    /** Puts the app in its new form, with its volumes declared. What has to be done for it, {@link #converge} does. */
    void put(App app, Optional<App> before, Decision decision) {
        for (int instance = 0; instance < (app.numbered() ? Math.max(1, app.instances()) : 1); instance++) {
            app.volumes(instance).forEach(spec -> declare(spec, decision));
        }
        state.putRuntime(app.id(), state.runtime(app.id()).forgiven());
        before.ifPresent(old -> keep(old, app, decision));
        decision.record(new StoreRecord.PutApp(app));
        HealthDecisions.changed(before, Optional.of(app), decision);
    }

    private static void keep(App before, App next, Decision decision) {
        decision.record(new StoreRecord.KeepVersion(AppVersion.of(before)));
        before.earlier().stream()
                .filter(version -> !next.earlier().contains(version))
                .forEach(version -> decision.record(new StoreRecord.ForgetVersion(next.id(), version)));
    }

    /** The app's failures are forgotten, and it need not wait for them any more. */
    void forgive(AppId id, Decision decision) {
        state.putRuntime(id, state.runtime(id).forgiven());
        demand.changed();
        converge(id, decision);
    }

    private void declare(VolumeSpec spec, Decision decision) {
        VolumeName name = spec.request().name();
        Optional<Volume> known = state.volume(name);
        Volume volume = known.isPresent()
                ? known.get().under(spec)
                : Volume.declared(spec, VolumeState.AVAILABLE, state.lastFence(name), decision.now());
        if (!known.equals(Optional.of(volume))) {
            decision.record(new StoreRecord.PutVolume(volume));
        }
    }

    /** Stops what should not run, counts what is missing, and ends what is done. */
    void converge(AppId id, Decision decision) {
        Optional<App> found = state.app(id);
        if (found.isEmpty()) {
            missing.remove(id);
            return;
        }
        App app = found.get();
        giveUpLost(app, decision);
        if (!deployments.turn(app)) {
            count(app, 0, decision);
            return;
        }
        Rollout.Move move =
                deployments.replacing(app) ? rollout.replace(app, decision.now()) : rollout.scale(app, decision.now());
        stop(move.stops(), app, decision);
        boolean nothingLeft = state.tasksOf(id).stream().allMatch(task -> givenUp(task, state));
        if (app.goal() == App.Goal.DELETE && nothingLeft) {
            remove(app, decision);
            return;
        }
        readiness.ask(app, decision);
        count(app, move.starts(), decision);
        boolean deploying = app.deployment().filter(part -> !part.done()).isPresent();
        if (deploying && app.goal() == App.Goal.RUN && rollout.complete(app)) {
            deployments.done(app, decision).forEach(next -> converge(next, decision));
        }
    }

    /** Nobody reaches the task, or somebody does again: how long that is borne is the app's to say. */
    void reach(Task task, Decision decision) {
        if (task.state() != TaskState.UNREACHABLE) {
            state.reached(task.id());
            return;
        }
        Optional<App> app = task.app().flatMap(state::app);
        if (app.isPresent() && state.outOfReachSince(task.id()).isEmpty()) {
            state.putOutOfReach(task.id(), decision.now());
            Unreachable rule = app.get().definition().upkeep().unreachable();
            Stream.concat(rule.inactiveAfter().stream(), rule.expungeAfter().stream())
                    .filter(patience -> !patience.isZero())
                    .distinct()
                    .forEach(patience -> decision.effect(new Effect.StartTimer(
                            new Timer.OutOfReach(app.get().id(), task.id(), patience),
                            decision.now().plus(patience))));
        }
    }

    /** What does not fit one transaction, be it that several apps share it, is done in the next. */
    private void stop(List<Task> tasks, App app, Decision decision) {
        int room = tasks.isEmpty() ? 0 : Math.min(STOPS_AT_ONCE, Math.max(0, MOST_WEIGHT - decision.weight()));
        tasks.stream().limit(room).forEach(task -> replace(task, app, decision));
        if (tasks.size() > room) {
            decision.effect(new Effect.StartTimer(new Timer.RemovalGoesOn(app.id()), decision.now()));
        }
    }

    private void replace(Task task, App app, Decision decision) {
        if (task.goal() == Task.Goal.RUN && deployments.replacing(app) && handOvers.worthIt(task, app)) {
            decision.effect(new Effect.SendMessage(task.id(), task.agent(), new HandOver(task.id(), policy.epoch())));
        }
        stop(task, decision);
    }

    /**
     * A task that nobody reaches and that lost its claims is not wanted any more. Its record stays, so that it is known, and
     * killed, when it comes back.
     */
    private void giveUpLost(App app, Decision decision) {
        for (Task task : List.copyOf(state.tasksOf(app.id()))) {
            if (task.state() == TaskState.UNREACHABLE
                    && task.goal() == Task.Goal.RUN
                    && !task.claims().isEmpty()
                    && state.claimsOf(task.id()).isEmpty()) {
                decision.record(new StoreRecord.PutTask(task.stopping()));
            }
        }
    }

    /** The numbers of instances that are missing; 0 again and again where numbers do not matter. */
    List<Integer> missingInstances(App app, Instant now) {
        int lacking = missing.getOrDefault(app.id(), 0);
        if (!app.numbered()) {
            return Collections.nCopies(lacking, 0);
        }
        Set<Integer> there = state.tasksOf(app.id()).stream()
                .filter(task -> rollout.counts(app, task, now))
                .map(Task::instance)
                .collect(Collectors.toSet());
        return IntStream.range(0, app.wantedInstances())
                .boxed()
                .filter(instance -> !there.contains(instance))
                .toList();
    }

    /** Whether nothing waits for the task any more: it holds nothing, and ended, or is not wanted and out of reach. */
    static boolean givenUp(Task task, ClusterState state) {
        boolean over = task.state() == TaskState.ENDED
                || (task.state() == TaskState.UNREACHABLE && task.goal() == Task.Goal.STOP);
        return over && state.claimsOf(task.id()).isEmpty();
    }

    /** T5: the task is to end. Its claims follow, and the kill is repeated until it has ended. */
    void stop(Task task, Decision decision) {
        if (task.goal() == Task.Goal.STOP) {
            return;
        }
        decision.record(new StoreRecord.PutTask(task.stopping()));
        state.claimsOf(task.id()).forEach(claim -> claims.on(claim, new ClaimEvent.Stop(), decision));
        kill(task, 1, decision);
    }

    /** Readers hold the mount of a writer that ends, so that it could not be let go while they stay. */
    void stopReaders(VolumeName volume, Decision decision) {
        state.claimsOn(volume).stream()
                .filter(Claim::shared)
                .flatMap(claim -> state.task(claim.task()).stream())
                .filter(task -> task.state() != TaskState.ENDED)
                .forEach(task -> stop(task, decision));
    }

    /**
     * Sends a kill and sets the time for the next one. A task that had twice its grace and is still there is given none any
     * more: Mesos takes a later kill's policy in place of the task's.
     */
    void kill(Task task, int attempt, Decision decision) {
        if (task.kind() == TaskKind.FOREIGN) {
            return; // its executor learns with its next heartbeat that it is to end; Mesos would not know the task
        }
        long first = policy.timing().killRetry().toMillis();
        long waited = first * ((1L << Math.min(attempt - 1, 20)) - 1);
        Optional<Duration> shortened = task.app()
                .flatMap(state::app)
                .map(app -> app.definition().killGrace())
                .filter(grace -> waited > grace.toMillis() * 2 + SLOW_TO_ANSWER.toMillis())
                .map(grace -> NO_GRACE);
        decision.effect(new Effect.KillTask(task.id(), task.agent(), shortened));
        long wait = Math.min(first << Math.min(attempt - 1, 10), LONGEST_KILL_PAUSE.toMillis());
        decision.effect(new Effect.StartTimer(
                new Timer.KillAgain(task.id(), attempt + 1), decision.now().plusMillis(wait)));
    }

    private void count(App app, int lacking, Decision decision) {
        int before = missing.getOrDefault(app.id(), 0);
        AppRuntime runtime = state.runtime(app.id());
        if (lacking == 0) {
            missing.remove(app.id());
            state.putRuntime(app.id(), runtime.waiting(Optional.empty()));
            return;
        }
        missing.put(app.id(), lacking);
        if (runtime.waitingSince().isEmpty()) {
            state.putRuntime(app.id(), runtime.waiting(Optional.of(decision.now())));
        }
        if (lacking != before) {
            demand.changed();
        }
    }

    /** The volumes that go with the app first, as many at once as fit one transaction. */
    private void remove(App app, Decision decision) {
        missing.remove(app.id());
        List<Volume> reclaimed = state.volumesIn(VolumeState.AVAILABLE).stream()
                .filter(volume -> reclaimable(volume, app))
                .limit(RECLAIMS_AT_ONCE)
                .toList();
        reclaimed.forEach(volume -> reclaim(volume, decision));
        if (reclaimed.size() == RECLAIMS_AT_ONCE) {
            decision.effect(new Effect.StartTimer(new Timer.RemovalGoesOn(app.id()), decision.now()));
            return;
        }
        app.earlier().forEach(version -> decision.record(new StoreRecord.ForgetVersion(app.id(), version)));
        decision.record(new StoreRecord.RemoveApp(app.id()));
        HealthDecisions.changed(Optional.of(app), Optional.empty(), decision);
        decision.publish("app_terminated", Facts.of("app", app.id()));
        deployments.gone(app, decision).forEach(next -> converge(next, decision));
    }

    private boolean reclaimable(Volume volume, App leaving) {
        return volume.reclaim() == ReclaimPolicy.DELETE
                && uses(leaving, volume.name())
                && state.appsNaming(volume.name()).stream()
                        .allMatch(app -> app.id().equals(leaving.id()));
    }

    private void reclaim(Volume volume, Decision decision) {
        if (volume.exists()) {
            decision.record(new StoreRecord.PutVolume(volume.in(VolumeState.DELETING, decision.now())));
            demand.changed();
        } else {
            decision.record(new StoreRecord.RemoveVolume(volume.name()));
        }
    }

    private static boolean uses(App app, VolumeName volume) {
        return app.definition().volumes().stream().anyMatch(spec -> spec.names(volume));
    }
}
