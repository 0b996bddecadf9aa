package io.mooring.scheduler.app;

import io.mooring.common.crashpoint.CrashPoints;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.cluster.TaskReadiness.Response;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.effect.Notice;
import io.mooring.scheduler.engine.Effects;
import io.mooring.scheduler.engine.Engine;
import io.mooring.scheduler.engine.Performer;
import io.mooring.scheduler.engine.Store;
import io.mooring.scheduler.mesos.ExecutorSettings;
import io.mooring.scheduler.mesos.FencedScheduler;
import io.mooring.scheduler.mesos.FrameworkSettings;
import io.mooring.scheduler.mesos.MasterAgents;
import io.mooring.scheduler.mesos.MesosDriver;
import io.mooring.scheduler.mesos.MesosShell;
import io.mooring.scheduler.readiness.ReadinessShell;
import io.mooring.scheduler.zookeeper.Leadership.Term;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Everything that exists only while this scheduler leads: engine, timers and the subscription at Mesos, built from what
 * the store held when the term began.
 */
final class Reign implements AutoCloseable {
    /** Mesos answers a reconciliation within seconds. */
    private static final Duration HEAR_FIRST = Duration.ofSeconds(15);

    /** Slow, because a master answers with all that it knows of all agents; kills tell of most drains sooner. */
    private static final Duration ASK_FOR_DRAINS = Duration.ofMinutes(1);

    private final MesosShell shell;
    private final Engine engine;
    private final ScheduledTimers timers;
    private final MesosDriver mesos;
    private final DrainWatch drains;

    /** @param over is told why when the reign cannot go on */
    Reign(
            Term term,
            SchedulerConfiguration configuration,
            MesosConnection connection,
            FrameworkSettings framework,
            ExecutorSettings executors,
            InstantSource clock,
            Consumer<Notice> notices,
            Consumer<Ending> over) {
        Decider decider = new Decider(term.state(), policy(term, configuration), () -> UUID.randomUUID()
                .toString());
        shell = new MesosShell(framework, executors, known(term, configuration), end -> over.accept(Ending.of(end)));
        timers = new ScheduledTimers(clock, this::fired);
        Store store = term.store();
        Performer calls = shell;
        Optional<CrashPoints> points = CrashPoints.ofThisProcess();
        if (points.isPresent()) {
            StoppedShells stopped = new StoppedShells(points.get(), store, shell);
            store = stopped;
            calls = stopped;
        }
        engine = new Engine(
                decider,
                store,
                new Effects(calls, new ReadinessShell(this::ready), timers, notices),
                clock,
                why -> over.accept(Ending.again(why)));
        shell.attach(engine);
        mesos = connection.driver(new FencedScheduler(shell, term.stands()));
        drains = new DrainWatch(
                () -> shell.master().map(connection::root),
                new MasterAgents(connection.access())::drained,
                this::drained);
    }

    void start() {
        engine.start();
        mesos.start();
        drains.start(ASK_FOR_DRAINS);
    }

    Engine engine() {
        return engine;
    }

    Optional<String> master() {
        return shell.master();
    }

    @Override
    public void close() {
        drains.close();
        mesos.close();
        timers.close();
        engine.close();
    }

    /** The id from before, unless that is the one that an operator gave up. */
    private static Optional<FrameworkId> known(Term term, SchedulerConfiguration configuration) {
        String givenUp = configuration.framework().startOver();
        return term.state().framework().filter(id -> !id.value().equals(givenUp));
    }

    private void fired(io.mooring.scheduler.effect.Timer timer) {
        engine.post((decider, decision) -> decider.timer(timer, decision));
    }

    private void ready(TaskId task, Optional<Response> answer) {
        engine.post((decider, decision) -> decider.readiness(task, answer, decision));
    }

    private void drained(Set<AgentId> agents) {
        engine.post((decider, decision) -> decider.drained(agents, decision));
    }

    private static Policy policy(Term term, SchedulerConfiguration configuration) {
        SchedulerConfiguration.Storage storage = configuration.storage();
        return new Policy(
                term.epoch(),
                new Resources(
                        configuration.executor().cpus(),
                        configuration.executor().memMb(),
                        0),
                storage.resolvedAliases(),
                storage.policies(),
                storage.defaultVolumePath(),
                storage.defaultVolumeGb(),
                Policy.Timing.usual(),
                storage.takeover().policy(),
                term.safeMode(),
                term.remembers() ? Duration.ZERO : HEAR_FIRST,
                configuration.claims().policy(),
                new Policy.Requests(
                        configuration.framework().roles(), configuration.api().mostDeployments()));
    }
}
