package io.mooring.simulation.scheduler;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.OfferId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.decision.StatusUpdate;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.engine.Conductor;
import io.mooring.scheduler.engine.Engine;
import io.mooring.scheduler.engine.Performer;
import io.mooring.scheduler.engine.Store;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import io.mooring.simulation.check.Invariant;
import io.mooring.simulation.check.Surroundings;
import io.mooring.simulation.fault.Fault;
import io.mooring.simulation.mesos.SchedulerSide;
import io.mooring.simulation.mesos.Stream;
import io.mooring.simulation.rule.LostHolders;
import io.mooring.simulation.rule.Rule;
import io.mooring.simulation.store.Ensemble;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What exists while a scheduler leads: the product's conductor and decider, with timers and a subscription of the model.
 * Everything it says is checked on its way out.
 */
public final class Reign implements Performer {
    private static final long RULE_LOOKS_EVERY = 5_000;

    private final SchedulerProcess.Site site;
    private final Surroundings around;
    private final String name;
    private final Ensemble.Term term;
    private final Consumer<Runnable> awake;
    private final Consumer<String> over;
    private final Decider decider;
    private final Conductor conductor;
    private final Duration skew;
    private final Deque<Conductor.Event> inbox = new ArrayDeque<>();
    private final Map<Timer, Long> timers = new HashMap<>();
    private final IdentityHashMap<Effect, Long> decidedAt = new IdentityHashMap<>();
    private final Map<Key, StatusUpdate> unacknowledged = new HashMap<>();
    private Optional<Subscription> subscription = Optional.empty();
    private long timerCount;
    private int names;
    private boolean turnPlanned;
    private boolean ended;

    /**
     * What an operator sets.
     *
     * @param startsOver whether a new framework may be registered in the place of that one
     * @param forceDetach the storage system's way to take a volume from a machine, for the rules that use it
     */
    public record Settings(
            Function<Ensemble.Term, Policy> policy,
            Consumer<VolumeName> forceDetach,
            Predicate<FrameworkId> startsOver) {}

    Reign(
            SchedulerProcess.Site site,
            String name,
            Ensemble.Term term,
            Consumer<Runnable> awake,
            Consumer<String> over) {
        this.site = site;
        this.around = site.around();
        this.name = name;
        this.term = term;
        this.awake = awake;
        this.over = over;
        this.skew = around.faults().strikes(Fault.CLOCK_SKEW)
                ? Duration.ofMillis(around.dice().millis(-120_000, 120_000))
                : Duration.ZERO;
        this.decider =
                new Decider(term.state(), site.settings().policy().apply(term), () -> term.epoch() + "-" + ++names);
        InstantSource clock = this::clock;
        this.conductor =
                new Conductor(decider, term.store(), this, clock, outcome -> awake.accept(() -> settled(outcome)));
    }

    private Instant clock() {
        return around.agenda().instant().plus(skew);
    }

    long epoch() {
        return term.epoch();
    }

    Decider decider() {
        return decider;
    }

    void start() {
        around.trace().note(name, "leads");
        hear(Decider::start);
        subscribe();
        site.variation().lostHolders().ifPresent(this::lookForLostHolders);
    }

    void end() {
        ended = true;
        subscription = Optional.empty();
    }

    private void later(long millis, Runnable what) {
        around.agenda()
                .in(
                        millis,
                        () -> awake.accept(() -> {
                            if (!ended) {
                                what.run();
                            }
                        }));
    }

    // ---- the engine's thread, step by step

    /** Takes something in that happened. */
    void hear(Engine.Reaction reaction) {
        take((decider, decision, answers) -> {
            int before = decision.effects().size();
            reaction.react(decider, decision);
            decision.effects()
                    .subList(before, decision.effects().size())
                    .forEach(effect -> decidedAt.put(effect, around.agenda().now()));
            if (site.variation().acknowledgesEarly()) {
                decision.effects().subList(before, decision.effects().size()).stream()
                        .filter(Effect.Acknowledge.class::isInstance)
                        .toList()
                        .forEach(this::perform);
            }
        });
    }

    private void take(Conductor.Event event) {
        if (!ended) {
            inbox.add(event);
            if (!turnPlanned) {
                turnPlanned = true;
                later(around.dice().millis(0, 3), this::turn);
            }
        }
    }

    private void turn() {
        turnPlanned = false;
        if (ended || inbox.isEmpty() || conductor.full()) {
            return;
        }
        try {
            conductor.decide(inbox.poll(), inbox::poll);
            if (around.faults().strikes(Fault.CRASH_BETWEEN_STEPS)) {
                over.accept("killed between decision and commit");
                return;
            }
            conductor.send();
        } catch (RuntimeException e) {
            broke(e);
        }
    }

    private void settled(Store.Outcome outcome) {
        if (ended) {
            return;
        }
        if (around.faults().strikes(Fault.CRASH_BETWEEN_STEPS)) {
            over.accept("killed between commit and effects");
            return;
        }
        try {
            if (!conductor.settled(outcome)) {
                over.accept(outcome.toString());
                return;
            }
        } catch (RuntimeException e) {
            broke(e);
            return;
        }
        if (!inbox.isEmpty() && !turnPlanned) {
            turnPlanned = true;
            later(0, this::turn);
        }
    }

    private void broke(RuntimeException e) {
        StackTraceElement[] stack = e.getStackTrace();
        around.findings().broken(Invariant.SOUND, name + " broke: " + e + (stack.length > 0 ? " at " + stack[0] : ""));
        over.accept("broke: " + e);
    }

    // ---- the subscription

    private final class Subscription implements SchedulerSide {
        private Stream stream;
        private boolean subscribed;

        private void now(Runnable what) {
            awake.accept(() -> {
                if (!ended && subscription.equals(Optional.of(this))) {
                    what.run();
                }
            });
        }

        @Override
        public void subscribed(FrameworkId framework) {
            now(() -> {
                subscribed = true;
                hear((decider, decision) -> decider.subscribed(framework, decision));
            });
        }

        @Override
        public void removed() {
            now(() -> {
                around.trace().note(name, "removed by Mesos");
                hear(Decider::frameworkRemoved);
                later(around.dice().millis(100, 1_000), () -> over.accept("Mesos has removed the framework"));
            });
        }

        @Override
        public void disconnected() {
            now(() -> {
                around.trace().note(name, "disconnected");
                subscription = Optional.empty();
                later(around.dice().millis(250, 3_000), Reign.this::subscribe);
            });
        }

        @Override
        public void offers(List<Offer> offers) {
            now(() -> hear((decider, decision) -> decider.offers(offers, decision)));
        }

        @Override
        public void rescinded(OfferId offer) {
            now(() -> hear((decider, decision) -> decider.rescinded(offer)));
        }

        @Override
        public void update(StatusUpdate update) {
            now(() -> {
                around.trace().note(name, "hears", update.task() + " " + update.report() + " " + update.reason());
                update.uuid().ifPresent(uuid -> unacknowledged.put(uuid(update.task(), uuid), update));
                hear((decider, decision) -> decider.update(update, decision));
            });
        }

        @Override
        public void message(TaskId from, AgentId agent, ExecutorReport report) {
            now(() -> hear((decider, decision) -> decider.message(from, agent, report, decision)));
        }

        @Override
        public void agentLost(AgentId agent) {
            now(() -> hear((decider, decision) -> decider.agentLost(agent, decision)));
        }
    }

    private void subscribe() {
        if (subscription.isPresent()) {
            return;
        }
        if (!site.master().up()) {
            later(around.dice().millis(500, 2_000), this::subscribe);
            return;
        }
        Subscription next = new Subscription();
        subscription = Optional.of(next);
        Optional<FrameworkId> known = decider.state()
                .framework()
                .filter(id -> !site.settings().startsOver().test(id));
        next.stream = site.master().subscribe(next, known);
    }

    // ---- effects

    @Override
    public void perform(Effect effect) {
        if (ended) {
            return;
        }
        if (around.faults().strikes(Fault.CRASH_BETWEEN_STEPS)) {
            over.accept("killed between two effects");
            return;
        }
        carryOut(effect);
        decidedAt.remove(effect);
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.StartTimer start) {
            start(start.timer(), start.at());
        } else if (effect instanceof Effect.Publish publish) {
            around.trace()
                    .note(
                            name,
                            publish.notice().type(),
                            around.trace().keepsWords()
                                    ? publish.notice().facts().toString()
                                    : "");
        } else if (subscription.filter(now -> now.subscribed).isPresent()) {
            check(effect);
            around.trace()
                    .note(
                            name,
                            effect.getClass().getSimpleName(),
                            around.trace().keepsWords() ? words(effect) : "");
            site.master().call(subscription.get().stream, effect);
        }
    }

    private static String words(Effect effect) {
        String words = effect.toString();
        return words.length() > 300 ? words.substring(0, 300) + "..." : words;
    }

    private void start(Timer timer, Instant at) {
        long mine = ++timerCount;
        timers.put(timer, mine);
        long wait = Math.max(0, Duration.between(clock(), at).toMillis());
        later(wait, () -> {
            if (timers.remove(timer, mine)) {
                hear((decider, decision) -> decider.timer(timer, decision));
            }
        });
    }

    /** What leaves was allowed to leave: I5, I6, I7. */
    private void check(Effect effect) {
        if (term.standing().lost()) {
            around.findings().broken(Invariant.I6, name + " goes on after it was told that it is over: " + effect);
        }
        if (effect instanceof Effect.AcceptOffers accept) {
            accept.launches().forEach(this::checkLaunch);
        } else if (effect instanceof Effect.SendMessage message) {
            checkStands(effect, message.message() + " to " + message.task());
        } else if (effect instanceof Effect.Acknowledge acknowledge) {
            checkStands(effect, "the acknowledgement to " + acknowledge.task());
            Optional.ofNullable(unacknowledged.get(uuid(acknowledge.task(), acknowledge.uuid())))
                    .ifPresent(this::checkDurable);
        }
    }

    private void checkLaunch(Launch launch) {
        if (launch.order() instanceof RunWorkload run) {
            site.check()
                    .launched(
                            launch.task(),
                            run.volumes().stream().map(ClaimedVolume::claim).toList());
        }
    }

    private void checkStands(Effect effect, String what) {
        Long since = decidedAt.get(effect);
        if (since != null && term.standing().checkedAt() < since) {
            around.findings()
                    .broken(Invariant.I6, what + " of " + name + " leaves under an epoch that was not checked");
        }
    }

    private void checkDurable(StatusUpdate update) {
        Optional<TaskState> state =
                site.ensemble().durable().task(update.task()).map(Task::state);
        // What was durable in a store that is gone says nothing about the one in its place.
        boolean durable = term.copy() != site.ensemble().restores()
                || state.isEmpty()
                || switch (update.report().meaning()) {
                    case ENDED -> state.get() == TaskState.ENDED;
                    case NO_CONTACT -> true;
                    case ALIVE ->
                        state.get() != TaskState.STAGING
                                && (update.report() != Report.RUNNING || state.get() != TaskState.STARTING);
                };
        if (!durable) {
            around.findings()
                    .broken(
                            Invariant.I7,
                            update.report() + " of " + update.task() + " is acknowledged, on record it is "
                                    + state.get());
        }
    }

    private static Key uuid(TaskId task, List<Byte> uuid) {
        return new Key(task, uuid);
    }

    private record Key(TaskId task, List<Byte> uuid) {}

    // ---- other rules

    private void lookForLostHolders(LostHolders rule) {
        later(RULE_LOOKS_EVERY, () -> {
            take((decider, decision, answers) -> {
                List<VolumeName> freed = rule.release(decider, decision);
                if (rule.detach() == Rule.Detach.WHEN_FREED && !freed.isEmpty()) {
                    answers.whenDurable(() -> freed.forEach(site.settings().forceDetach()));
                }
            });
            lookForLostHolders(rule);
        });
    }
}
