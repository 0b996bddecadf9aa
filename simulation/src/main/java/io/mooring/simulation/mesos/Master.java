package io.mooring.simulation.mesos;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.OfferId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.decision.StatusUpdate;
import io.mooring.scheduler.decision.StatusUpdate.Source;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.effect.OfferWish;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.task.Report;
import io.mooring.simulation.check.Surroundings;
import io.mooring.simulation.executor.ExecutorProcess;
import io.mooring.simulation.executor.Machine;
import io.mooring.simulation.fault.Fault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The Mesos master with the network around it: one subscription, offers, tasks as it was told of them, agents that it
 * believes in. A failed-over master knows only which agents there were.
 */
public final class Master {
    private static final String ZONE = "zone-1";
    private static final long AGENT_TIMEOUT = 75_000;
    private static final long RECOVERY_TIMEOUT = 100_000;

    private final Surroundings around;
    private final Map<AgentId, Known> agents = new TreeMap<>();
    private final Map<OfferId, Known> offers = new TreeMap<>();
    private final Set<FrameworkId> removed = new HashSet<>();
    private Optional<FrameworkId> framework = Optional.empty();
    private Stream stream;
    private int frameworks;
    private boolean up = true;
    private boolean suppressed;
    private List<OfferWish> wishes = List.of();
    private boolean roundPlanned;
    private int generation;
    private int offerCount;

    /** How the master stands to an agent. */
    private enum Standing {
        REGISTERED,
        /** Known from the registry; it has not come back since the master failed over. */
        RECOVERED,
        UNREACHABLE,
        GONE
    }

    private static final class Known {
        private final AgentProcess process;
        private final Map<TaskId, AgentProcess.Told> tasks = new TreeMap<>();
        private final List<Runnable> remembered = new ArrayList<>();
        private Standing standing = Standing.REGISTERED;
        private long refusedUntil;
        private long lastSaid;
        private Optional<OfferId> offer = Optional.empty();

        private Known(AgentProcess process) {
            this.process = process;
        }
    }

    public Master(Surroundings around) {
        this.around = around;
    }

    /** A new agent on a machine. */
    public AgentProcess join(AgentId id, Machine machine, ExecutorProcess.Circumstances circumstances) {
        AgentProcess agent = new AgentProcess(id, machine, around, circumstances, this);
        agents.put(id, new Known(agent));
        planRound(around.dice().millis(10, 1_000));
        return agent;
    }

    /** The tasks that it knows, as an operator sees them. */
    public Set<TaskId> tasks() {
        Set<TaskId> all = new TreeSet<>();
        agents.values().forEach(known -> all.addAll(known.tasks.keySet()));
        return all;
    }

    // ---- schedulers

    /** Whether somebody answers. */
    public boolean up() {
        return up;
    }

    /**
     * A scheduler subscribes with the framework's id, or as a new one; whoever was subscribed before is not any more. One
     * that was removed stays so.
     */
    public Stream subscribe(SchedulerSide scheduler, Optional<FrameworkId> id) {
        if (id.filter(removed::contains).isPresent()) {
            Stream refused = new Stream(around.agenda(), around.dice(), scheduler);
            refused.event(SchedulerSide::removed);
            return refused;
        }
        FrameworkId subscribed = id.orElseGet(() -> new FrameworkId("framework-" + ++frameworks));
        framework = Optional.of(subscribed);
        cutStream();
        stream = new Stream(around.agenda(), around.dice(), scheduler);
        suppressed = false;
        wishes = List.of();
        agents.values().forEach(known -> known.refusedUntil = 0);
        stream.event(side -> side.subscribed(subscribed));
        planRound(around.dice().millis(10, 1_000));
        return stream;
    }

    /**
     * The framework is gone for good, as after its failover timeout: its tasks are killed on every agent that hears it, and
     * on the others as soon as they are back.
     *
     * @return which one
     */
    public Optional<FrameworkId> removeFramework() {
        if (!up || framework.isEmpty() || !removed.add(framework.get())) {
            return Optional.empty();
        }
        around.trace().note("master", "removes", framework.get().value());
        cutStream();
        for (Known known : agents.values()) {
            known.tasks.clear();
            known.remembered.clear();
            toAgent(known.process.id(), agent -> removed.forEach(agent::shutDown));
        }
        return framework;
    }

    /** The network between scheduler and master breaks. */
    public void cutStream() {
        if (stream != null) {
            stream.cut();
            stream = null;
        }
        offers.clear();
        agents.values().forEach(known -> known.offer = Optional.empty());
    }

    /** A call on a stream. */
    public void call(Stream on, Effect effect) {
        on.call(() -> {
            if (on == stream && up) {
                called(effect);
            }
        });
    }

    private void called(Effect effect) {
        if (effect instanceof Effect.AcceptOffers accept) {
            accept(accept);
        } else if (effect instanceof Effect.DeclineOffers decline) {
            decline.offers().forEach(offer -> refuse(offer, decline.refuse().toMillis()));
        } else if (effect instanceof Effect.Revive) {
            suppressed = false;
            agents.values().forEach(known -> known.refusedUntil = 0);
            planRound(around.dice().millis(10, 1_000));
        } else if (effect instanceof Effect.Suppress) {
            suppressed = true;
        } else if (effect instanceof Effect.WishOffers wish) {
            wishes = wish.wishes();
            planRound(around.dice().millis(10, 1_000));
        } else if (effect instanceof Effect.KillTask kill) {
            kill(kill);
        } else if (effect instanceof Effect.Acknowledge acknowledge) {
            acknowledge(acknowledge);
        } else if (effect instanceof Effect.SendMessage message) {
            if (!around.faults().strikes(Fault.MESSAGE_LOST)) {
                toAgent(message.agent(), agent -> agent.message(message.task(), message.message()));
            }
        } else if (effect instanceof Effect.Reconcile reconcile) {
            reconcile(reconcile);
        } else {
            throw new IllegalArgumentException("no call for " + effect.getClass());
        }
    }

    private void acknowledge(Effect.Acknowledge acknowledge) {
        toAgent(acknowledge.agent(), agent -> {
            if (agent.acknowledged(acknowledge.task(), acknowledge.uuid()) == AgentProcess.Settled.YES) {
                Optional.ofNullable(agents.get(acknowledge.agent()))
                        .ifPresent(known -> known.tasks.remove(acknowledge.task()));
            }
        });
    }

    private interface ToAgent {
        void say(AgentProcess agent);
    }

    private void toAgent(AgentId id, ToAgent what) {
        Known known = agents.get(id);
        if (known == null || known.standing != Standing.REGISTERED || !known.process.reachable()) {
            return;
        }
        // One connection: nothing overtakes.
        known.lastSaid =
                Math.max(known.lastSaid, around.agenda().now() + around.dice().millis(1, 30));
        around.agenda().in(known.lastSaid - around.agenda().now(), () -> {
            if (known.process.reachable()) {
                what.say(known.process);
            }
        });
    }

    // ---- offers

    private void planRound(long in) {
        if (!roundPlanned) {
            roundPlanned = true;
            around.agenda().in(in, this::round);
        }
    }

    private void round() {
        roundPlanned = false;
        if (!up || stream == null || suppressed) {
            return;
        }
        List<Offer> made = new ArrayList<>();
        long wake = Long.MAX_VALUE;
        for (Known known : agents.values()) {
            boolean offerable = known.standing == Standing.REGISTERED && known.offer.isEmpty();
            if (offerable
                    && wished(known)
                    && known.refusedUntil <= around.agenda().now()) {
                made.add(offer(known));
            } else if (offerable) {
                wake = Math.min(wake, known.refusedUntil);
            }
        }
        if (!made.isEmpty()) {
            stream.event(side -> side.offers(made));
            made.forEach(offer -> {
                if (around.faults().strikes(Fault.OFFER_RESCINDED)) {
                    around.agenda().in(around.dice().millis(1, 20), () -> rescind(offer.id()));
                }
            });
        }
        if (wake < Long.MAX_VALUE) {
            planRound(Math.max(1, wake - around.agenda().now()));
        }
    }

    private void rescind(OfferId id) {
        if (offers.containsKey(id)) {
            forget(id);
            if (stream != null) {
                stream.event(side -> side.rescinded(id));
            }
            planRound(1_000);
        }
    }

    private boolean wished(Known known) {
        String machine = known.process.machine().key().value();
        return wishes.isEmpty()
                || wishes.contains(new OfferWish(OfferWish.By.MACHINE, machine))
                || wishes.contains(new OfferWish(OfferWish.By.ZONE, ZONE));
    }

    private Offer offer(Known known) {
        Machine machine = known.process.machine();
        OfferId id = new OfferId("offer-" + ++offerCount);
        offers.put(id, known);
        known.offer = Optional.of(id);
        int taken = known.tasks.values().stream()
                .filter(task -> task.state().meaning() != Report.Meaning.ENDED)
                .mapToInt(AgentProcess.Told::slots)
                .sum();
        int left = machine.slots() - taken;
        return new Offer(
                id,
                known.process.id(),
                known.process.id() + ".example",
                Optional.of(machine.key()),
                Optional.of(ZONE),
                Map.of("machine", machine.key().value()),
                new Resources(8, 8192, 10240),
                left > 0 ? Optional.of(left) : Optional.empty(),
                List.of(),
                List.of("*"));
    }

    private void forget(OfferId id) {
        Known known = offers.remove(id);
        if (known != null) {
            known.offer = Optional.empty();
        }
    }

    private void refuse(OfferId id, long millis) {
        Known known = offers.get(id);
        if (known != null) {
            forget(id);
            known.refusedUntil = around.agenda().now() + millis;
            planRound(Math.max(100, millis));
        }
    }

    private void accept(Effect.AcceptOffers accept) {
        boolean valid = accept.offers().stream().allMatch(offers::containsKey);
        for (OfferId offer : accept.offers()) {
            forget(offer);
        }
        Known known = agents.get(accept.agent());
        for (Launch launch : accept.launches()) {
            if (!valid || known == null || known.standing != Standing.REGISTERED) {
                say(update(launch.task(), accept.agent(), Report.DROPPED, "INVALID_OFFERS"));
                continue;
            }
            known.tasks.put(launch.task(), new AgentProcess.Told(launch.task(), Report.STAGING, launch.slots()));
            FrameworkId of = framework.orElseThrow();
            toAgent(accept.agent(), agent -> agent.run(launch, of));
        }
        planRound(around.dice().millis(100, 1_000));
    }

    // ---- tasks

    private void kill(Effect.KillTask kill) {
        Known known = agents.get(kill.agent());
        if (known == null || !known.tasks.containsKey(kill.task())) {
            answer(new Effect.KnownTask(kill.task(), kill.agent()));
            return;
        }
        if (known.process.reachable()) {
            toAgent(kill.agent(), agent -> agent.kill(kill.task(), kill.grace()));
        } else {
            known.remembered.add(() -> toAgent(kill.agent(), agent -> agent.kill(kill.task(), kill.grace())));
        }
    }

    private void reconcile(Effect.Reconcile reconcile) {
        if (!reconcile.tasks().isEmpty()) {
            reconcile.tasks().forEach(this::answer);
            return;
        }
        for (Known known : agents.values()) {
            for (AgentProcess.Told task : List.copyOf(known.tasks.values())) {
                say(update(task.task(), known.process.id(), task.state(), "RECONCILIATION"));
            }
        }
    }

    private void answer(Effect.KnownTask asked) {
        Known known = agents.get(asked.agent());
        if (known == null) {
            say(update(asked.task(), asked.agent(), Report.UNKNOWN, "RECONCILIATION"));
            return;
        }
        AgentProcess.Told task = known.tasks.get(asked.task());
        switch (known.standing) {
            case REGISTERED ->
                say(update(asked.task(), asked.agent(), task == null ? Report.GONE : task.state(), "RECONCILIATION"));
            case RECOVERED -> {}
            case UNREACHABLE -> say(update(asked.task(), asked.agent(), Report.UNREACHABLE, "RECONCILIATION"));
            case GONE -> say(update(asked.task(), asked.agent(), Report.GONE_BY_OPERATOR, "RECONCILIATION"));
        }
    }

    private static StatusUpdate update(TaskId task, AgentId agent, Report report, String reason) {
        return new StatusUpdate(
                task, Optional.of(agent), report, Source.MASTER, reason, "", Optional.empty(), Optional.empty());
    }

    private void say(StatusUpdate update) {
        if (stream != null) {
            stream.event(side -> side.update(update));
        }
    }

    // ---- agents

    /** An agent forwards an update. */
    void update(AgentProcess from, StatusUpdate update) {
        Known known = agents.get(from.id());
        if (!up || known.standing != Standing.REGISTERED) {
            return;
        }
        AgentProcess.Told told = known.tasks.get(update.task());
        if (told != null) {
            known.tasks.put(update.task(), new AgentProcess.Told(update.task(), update.report(), told.slots()));
            if (update.report().meaning() == Report.Meaning.ENDED) {
                known.refusedUntil =
                        Math.min(known.refusedUntil, around.agenda().now() + 1_000);
                planRound(1_000);
            }
        }
        say(update);
    }

    void message(TaskId from, AgentId agent, ExecutorReport report) {
        Known known = agents.get(agent);
        if (up && stream != null && known.standing == Standing.REGISTERED && known.process.reachable()) {
            stream.event(side -> side.message(from, agent, report));
        }
    }

    /** An agent is not heard any more; after five missed pings it is unreachable. */
    void outOfContact(AgentProcess agent) {
        int then = generation;
        around.agenda().in(AGENT_TIMEOUT, () -> {
            if (up && then == generation && !agent.reachable()) {
                markUnreachable(agents.get(agent.id()));
            }
        });
    }

    private void markUnreachable(Known known) {
        if (known.standing != Standing.REGISTERED && known.standing != Standing.RECOVERED) {
            return;
        }
        known.standing = Standing.UNREACHABLE;
        AgentId id = known.process.id();
        around.trace().note("master", "unreachable", id.value());
        known.offer.ifPresent(this::rescind);
        for (TaskId task : List.copyOf(known.tasks.keySet())) {
            say(update(task, id, Report.UNREACHABLE, "AGENT_REMOVED"));
        }
        known.tasks.clear();
        if (stream != null) {
            stream.event(side -> side.agentLost(id));
        }
    }

    /** An operator says that an agent is gone for good; it is told to shut down if it hears that. */
    public void markGone(AgentId id) {
        Known known = agents.get(id);
        boolean lost = known.standing == Standing.UNREACHABLE;
        known.standing = Standing.GONE;
        known.offer.ifPresent(this::rescind);
        for (TaskId task : List.copyOf(known.tasks.keySet())) {
            say(update(task, id, Report.GONE_BY_OPERATOR, "AGENT_REMOVED_BY_OPERATOR"));
        }
        known.tasks.clear();
        if (stream != null && !lost) {
            stream.event(side -> side.agentLost(id));
        }
    }

    /** An agent registers, for the first time or again, with the tasks that it has. */
    void registered(AgentProcess agent) {
        Known known = agents.get(agent.id());
        if (!up || known.standing == Standing.GONE) {
            return;
        }
        boolean wasRegistered = known.standing == Standing.REGISTERED;
        known.standing = Standing.REGISTERED;
        around.trace().note("master", "registered", agent.id().value());
        List<TaskId> believed = wasRegistered ? List.copyOf(known.tasks.keySet()) : List.of();
        known.tasks.clear();
        removed.forEach(agent::shutDown);
        for (AgentProcess.Told task : agent.tasks()) {
            known.tasks.put(task.task(), task);
            if (!wasRegistered && task.state().meaning() == Report.Meaning.ALIVE) {
                say(update(task.task(), agent.id(), task.state(), "AGENT_REREGISTERED"));
            }
        }
        believed.stream()
                .filter(task -> !known.tasks.containsKey(task))
                .forEach(task -> toAgent(agent.id(), there -> there.dropUnknown(task)));
        known.remembered.forEach(Runnable::run);
        known.remembered.clear();
        planRound(around.dice().millis(10, 1_000));
    }

    /** The master dies and another one takes over, which knows only the registry. */
    public void failOver(long away) {
        around.trace().note("master", "fails over");
        up = false;
        generation++;
        cutStream();
        for (Known known : agents.values()) {
            known.tasks.clear();
            known.remembered.clear();
            known.refusedUntil = 0;
            if (known.standing == Standing.REGISTERED) {
                known.standing = Standing.RECOVERED;
            }
        }
        int now = generation;
        around.agenda().in(away, () -> {
            if (now == generation) {
                up = true;
                agents.values().forEach(known -> known.process.masterChanged());
            }
        });
        around.agenda().in(away + RECOVERY_TIMEOUT, () -> {
            if (now == generation) {
                agents.values().stream()
                        .filter(known -> known.standing == Standing.RECOVERED)
                        .forEach(this::markUnreachable);
            }
        });
    }
}
