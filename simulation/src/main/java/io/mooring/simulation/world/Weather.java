package io.mooring.simulation.world;

import io.mooring.simulation.check.Surroundings;
import io.mooring.simulation.executor.ExecutorProcess;
import io.mooring.simulation.executor.Machine;
import io.mooring.simulation.fault.Fault;
import io.mooring.simulation.mesos.AgentProcess;
import io.mooring.simulation.scheduler.SchedulerProcess;
import io.mooring.simulation.time.Dice;
import java.util.List;
import java.util.Optional;

/** What happens to a cluster by itself, from the outside, until it is over and everything is put right again. */
final class Weather {
    private final Surroundings around;
    private final Dice dice;
    private final Cluster cluster;

    /** @param dice of its own, so that the same seed has the same weather whatever the cluster makes of it */
    Weather(Surroundings around, Dice dice, Cluster cluster) {
        this.around = around;
        this.dice = dice;
        this.cluster = cluster;
    }

    void begin() {
        for (Fault fault : Fault.values()) {
            if (fault.happens() && around.faults().meanMillis(fault) > 0) {
                next(fault);
            }
        }
    }

    private void next(Fault fault) {
        around.agenda().in(dice.waiting(around.faults().meanMillis(fault)), () -> {
            if (!around.faults().calm()) {
                strike(fault);
                next(fault);
            }
        });
    }

    private void strike(Fault fault) {
        switch (fault) {
            case SCHEDULER_CRASH -> scheduler().crash();
            case SCHEDULER_PAUSE -> scheduler().pause(dice.millis(200, 40_000));
            case SESSION_LOST -> scheduler().loseSession();
            case STORE_DOWN -> cluster.ensemble().down(dice.millis(1_000, 60_000));
            case STREAM_CUT -> cluster.master().cutStream();
            case MASTER_FAILOVER -> cluster.master().failOver(dice.millis(500, 30_000));
            case PARTITION -> agent().ifPresent(this::partition);
            case AGENT_RESTART -> agent().ifPresent(this::restart);
            case REBOOT -> agent().ifPresent(this::reboot);
            case REBOOT_AS_ANOTHER_AGENT -> agent().ifPresent(this::rebootAsAnother);
            case EXECUTOR_CRASH -> crashExecutor(dice.pick(cluster.machines()));
            case PLUGIN_RESTART -> dice.pick(cluster.machines()).plugin().restart();
            case USER_RESTARTS_APP -> cluster.leader().ifPresent(leader -> leader.ask(cluster.users()::restartOne));
            case USER_DELETES_APP -> cluster.users().changeOne();
            case OPERATOR_MARKS_GONE -> agent().ifPresent(this::markGone);
            case STORE_RESTORED -> restoreStore();
            case FRAMEWORK_REMOVED -> removeFramework();
            case FOREIGN_ATTACHMENT -> attachElsewhere();
            case CRASH_BETWEEN_STEPS,
                    STORE_REQUEST_LOST,
                    STORE_ANSWER_LOST,
                    STORE_SLOW,
                    MESSAGE_LOST,
                    UPDATE_TWICE,
                    OFFER_RESCINDED,
                    LAUNCH_SLOW,
                    PLUGIN_HANGS,
                    PLUGIN_REQUEST_LOST,
                    PLUGIN_ANSWER_LOST,
                    PLUGIN_FAILS,
                    JOURNAL_FULL,
                    LEAKED_NAMESPACE,
                    WORKLOAD_IGNORES_TERM,
                    WORKLOAD_OUTLIVES_EXECUTOR,
                    WORKLOAD_ENDS_BY_ITSELF,
                    CLOCK_SKEW -> throw new IllegalArgumentException(fault + " happens to operations");
        }
    }

    private SchedulerProcess scheduler() {
        SchedulerProcess any = dice.pick(cluster.schedulers());
        // Mostly the leader: what a standby suffers is soon told.
        return dice.chance(0.8) ? cluster.leader().orElse(any) : any;
    }

    /** Somebody, if anybody is there; how long it lasts is drawn in any case, so that the weather stays the same. */
    private Optional<AgentProcess> agent() {
        double which = dice.share();
        List<AgentProcess> there =
                cluster.agents().stream().filter(AgentProcess::stays).toList();
        return there.isEmpty() ? Optional.empty() : Optional.of(there.get((int) (which * there.size())));
    }

    private void partition(AgentProcess agent) {
        agent.partition();
        long lasts = dice.chance(0.5) ? dice.millis(1_000, 90_000) : dice.millis(90_000, 1_500_000);
        around.agenda().in(lasts, agent::heal);
    }

    private void restart(AgentProcess agent) {
        agent.stop();
        around.agenda().in(dice.chance(0.7) ? dice.millis(500, 20_000) : dice.millis(20_000, 200_000), agent::recover);
    }

    private void reboot(AgentProcess agent) {
        agent.machineDown();
        around.agenda().in(dice.millis(10_000, 150_000), agent::machineUp);
    }

    private void rebootAsAnother(AgentProcess agent) {
        agent.machineDown();
        agent.retire();
        around.agenda().in(dice.millis(10_000, 150_000), () -> cluster.joinAgent(agent.machine()));
    }

    /**
     * An operator gives an agent up. One that answers is shut down by the master, a little later than it says so; one that
     * does not, or did not lately, is switched off first: the operator's word has to be true.
     */
    private void markGone(AgentProcess agent) {
        long shutDown = dice.millis(500, 20_000);
        long back = dice.millis(30_000, 150_000);
        if (!cluster.master().up()) {
            return;
        }
        if (agent.reachable() && !cluster.suspects(agent.machine())) {
            around.agenda().in(shutDown, agent::shutDown);
        } else {
            agent.machineDown();
            agent.retire();
        }
        agent.leave();
        cluster.master().markGone(agent.id());
        around.agenda().in(back, () -> cluster.joinAgent(agent.machine()));
    }

    /** A copy of some minutes ago, of a cluster that had subscribed by then. */
    private void restoreStore() {
        long back = dice.millis(5_000, 600_000);
        long away = dice.millis(1_000, 60_000);
        cluster.ensemble().restore(back, away);
    }

    private void removeFramework() {
        long noticed = dice.millis(5_000, 120_000);
        cluster.master().removeFramework().ifPresent(removed -> around.agenda()
                .in(noticed, () -> cluster.operator().startOver(removed)));
    }

    private void attachElsewhere() {
        String volume = dice.pick(cluster.backend().keys());
        long lasts = dice.millis(5_000, 400_000);
        cluster.backend().takeAway(volume).ifPresent(writer -> around.agenda()
                .in(lasts, () -> cluster.backend().giveBack(writer)));
    }

    private void crashExecutor(Machine machine) {
        List<ExecutorProcess> there = List.copyOf(machine.executors());
        if (!there.isEmpty()) {
            dice.pick(there).crash();
        }
    }

    /** It is over: what was away is back. */
    void clear() {
        around.faults().end();
        around.trace().note("weather", "over");
        cluster.users().settle();
        for (AgentProcess agent : List.copyOf(cluster.agents())) {
            agent.heal();
        }
    }

    /** The operator's last means for a volume that is held by what nobody can end: the machine is rebooted. */
    void reboot(Machine machine) {
        around.trace().note("operator", "reboots", machine.key().value());
        cluster.agents().stream()
                .filter(agent -> agent.machine() == machine && !agent.retired())
                .findFirst()
                .ifPresent(this::reboot);
    }
}
