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
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Brings an app's tasks to what the app says: how many, of which version, and when it is gone. */
final class AppDecisions {
    private static final int RECLAIMS_AT_ONCE = 200;
    private static final int STOPS_AT_ONCE = 150;
    private static final Duration LONGEST_KILL_PAUSE = Duration.ofMinutes(5);
    private static final Duration SLOW_TO_ANSWER = Duration.ofSeconds(30);
    private static final Duration NO_GRACE = Duration.ofSeconds(1);

    private final ClusterState state;
    private final Policy policy;
    private final ClaimDecisions claims;
    private final HandOvers handOvers;
    private final Demand demand;
    private final SortedMap<AppId, Integer> missing = new TreeMap<>();

    AppDecisions(ClusterState state, Policy policy, ClaimDecisions claims, HandOvers handOvers, Demand demand) {
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

    /** Puts the app in its new form, with its volumes declared, and sets out for it. */
    void put(App app, Decision decision) {
        for (int instance = 0; instance < (app.numbered() ? Math.max(1, app.instances()) : 1); instance++) {
            app.volumes(instance).forEach(spec -> declare(spec, decision));
        }
        state.putRuntime(app.id(), state.runtime(app.id()).forgiven());
        decision.record(new StoreRecord.PutApp(app));
        app.deployment()
                .ifPresent(deployment -> decision.publish(
                        "deployment_started", Facts.of("app", app.id()).and("deployment", deployment.id())));
        converge(app.id(), decision);
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
        stopOutdated(app, decision);
        stopSurplus(app, decision);
        giveUpLost(app, decision);
        List<Task> tasks =
                state.tasksOf(id).stream().filter(task -> !givenUp(task, state)).toList();
        if (app.goal() == App.Goal.DELETE && tasks.isEmpty()) {
            remove(app, decision);
            return;
        }
        int live = (int) tasks.stream().filter(this::counts).count();
        count(app, Math.max(0, app.wantedInstances() - live), decision);
        finishDeployment(app, decision);
    }

    private void stopOutdated(App app, Decision decision) {
        int stopped = 0;
        for (Task task : List.copyOf(state.tasksOf(app.id()))) {
            if (stopped >= STOPS_AT_ONCE) {
                return; // the rest when the first have ended: all of it has to fit one transaction
            }
            boolean outdated =
                    task.appVersion().isPresent() && task.appVersion().get().isBefore(app.lastConfigChange());
            if (outdated && task.state() != TaskState.ENDED) {
                if (task.goal() == Task.Goal.RUN && handOvers.worthIt(task, app)) {
                    decision.effect(
                            new Effect.SendMessage(task.id(), task.agent(), new HandOver(task.id(), policy.epoch())));
                }
                stopped += task.goal() == Task.Goal.RUN ? 1 : 0;
                stop(task, decision);
            }
        }
    }

    private void stopSurplus(App app, Decision decision) {
        List<Task> wanted = new ArrayList<>(state.tasksOf(app.id()).stream()
                .filter(task -> task.goal() == Task.Goal.RUN && task.state() != TaskState.ENDED)
                .toList());
        // Numbers that are not wanted any more go first, then those that nobody reaches, then the youngest.
        wanted.sort(Comparator.comparing((Task task) -> task.instance() < app.wantedInstances() ? 0 : 1)
                .thenComparing(task -> task.state() == TaskState.UNREACHABLE ? 1 : 0)
                .thenComparing(task -> app.numbered() ? task.instance() : 0)
                .thenComparing(Task::stagedAt));
        int most = Math.min(wanted.size(), app.wantedInstances() + STOPS_AT_ONCE);
        for (int i = app.wantedInstances(); i < most; i++) {
            Task task = wanted.get(i);
            // A task out of contact is left in peace while no other stands for it: it may come back.
            boolean spare = task.state() == TaskState.UNREACHABLE && app.wantedInstances() > 0 && live(app) == 0;
            if (!spare) {
                stop(task, decision);
            }
        }
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
    List<Integer> missingInstances(App app) {
        int lacking = missing.getOrDefault(app.id(), 0);
        if (!app.numbered()) {
            return Collections.nCopies(lacking, 0);
        }
        Set<Integer> there = state.tasksOf(app.id()).stream()
                .filter(this::counts)
                .map(Task::instance)
                .collect(Collectors.toSet());
        return IntStream.range(0, app.wantedInstances())
                .boxed()
                .filter(instance -> !there.contains(instance))
                .toList();
    }

    /** Whether the task stands for an instance: one that lost its volumes does not, though it may run a while yet. */
    private boolean counts(Task task) {
        boolean dispossessed =
                !task.claims().isEmpty() && state.claimsOf(task.id()).isEmpty();
        return task.state().live() && !dispossessed;
    }

    /** Whether nothing waits for the task any more: it holds nothing, and ended, or is not wanted and out of reach. */
    static boolean givenUp(Task task, ClusterState state) {
        boolean over = task.state() == TaskState.ENDED
                || (task.state() == TaskState.UNREACHABLE && task.goal() == Task.Goal.STOP);
        return over && state.claimsOf(task.id()).isEmpty();
    }

    private long live(App app) {
        return state.tasksOf(app.id()).stream()
                .filter(task -> task.state().live())
                .count();
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

    private void finishDeployment(App app, Decision decision) {
        if (app.deployment().isEmpty() || app.goal() == App.Goal.DELETE) {
            return;
        }
        List<Task> tasks = state.tasksOf(app.id()).stream()
                .filter(task -> !givenUp(task, state))
                .toList();
        long running = tasks.stream()
                .filter(task -> task.state() == TaskState.RUNNING && task.goal() == Task.Goal.RUN)
                .count();
        if (running == app.wantedInstances() && tasks.size() == running) {
            Instant version = app.deployment().get().version();
            decision.publish(
                    "deployment_success",
                    Facts.of("app", app.id())
                            .and("deployment", app.deployment().get().id())
                            .and("version", version));
            decision.record(new StoreRecord.PutApp(app.withDeployment(Optional.empty())));
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
        decision.record(new StoreRecord.RemoveApp(app.id()));
        decision.publish("app_terminated", Facts.of("app", app.id()));
    }

    private boolean reclaimable(Volume volume, App leaving) {
        return volume.reclaim() == ReclaimPolicy.DELETE
                && uses(leaving, volume.name())
                && state.apps().stream().noneMatch(app -> !app.id().equals(leaving.id()) && uses(app, volume.name()));
    }

    private void reclaim(Volume volume, Decision decision) {
        if (volume.exists()) {
            decision.record(new StoreRecord.PutVolume(volume.in(VolumeState.DELETING, decision.now())));
            demand.changed();
        } else {
            decision.record(new StoreRecord.RemoveVolume(volume.name()));
        }
    }

    static boolean uses(App app, VolumeName volume) {
        return app.definition().volumes().stream().anyMatch(spec -> spec.names(volume));
    }
}
