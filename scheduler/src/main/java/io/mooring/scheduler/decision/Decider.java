package io.mooring.scheduler.decision;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.SchedulerMessage.Deny;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.OfferId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimEvent;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.cluster.TaskReadiness;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.placement.InverseOffer;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.reconcile.Reconciliation;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what every event comes to. It knows no clock, thread, store or network: all of that is handed in with the
 * event, or handed out as records and effects.
 */
public final class Decider {
    /** Mesos is asked for all tasks that often. */
    public static final Duration RECONCILE_EVERY = Duration.ofMinutes(15);

    private final ClusterState state;
    private final Policy policy;
    private final Demand demand = new Demand();
    private final Reconciliation reconciliation = new Reconciliation();
    private final SafeMode safeMode;
    private final HandOvers handOvers;
    private final ClaimDecisions claims;
    private final FenceDecisions fences;
    private final OperatorDecisions operator;
    private final AgentDecisions agents;
    private final ObservationDecisions observations;
    private final GarbageDecisions garbage;
    private final Prospects prospects;
    private final AppDecisions apps;
    private final OperationDecisions operations;
    private final EndDecisions ends;
    private final UpdateDecisions updates;
    private final StorageGate gate;
    private final OfferDecisions offers;
    private final Placements placements;
    private final MaintenanceDecisions maintenance;
    private final UnknownTasks unknown;
    private boolean heard;
    private final AppRequests appRequests;
    private final GroupRequests groupRequests;
    private final KillRequests kills;
    private final DeploymentRequests deploymentRequests;
    private final ReadinessDecisions readiness;
    private final VolumeDecisions volumes;
    private final ForeignDecisions foreign;

    /** @param state as it was loaded from the store; this object is the only one that changes it from now on */
    public Decider(ClusterState state, Policy policy, Chance chance) {
        this.state = state;
        this.policy = policy;
        this.safeMode = new SafeMode(state, policy.epoch());
        this.handOvers = new HandOvers(state);
        this.claims = new ClaimDecisions(state, policy, demand, safeMode);
        DeploymentDecisions deployments = new DeploymentDecisions(state);
        this.readiness = new ReadinessDecisions(state);
        this.apps = new AppDecisions(state, policy, claims, handOvers, deployments, readiness, demand);
        this.operations = new OperationDecisions(state, policy, chance, handOvers);
        this.fences = new FenceDecisions(state, policy, chance, claims, operations, demand);
        this.operator = new OperatorDecisions(state, policy, claims, fences, demand);
        this.agents = new AgentDecisions(state, operator, operations, demand);
        Comparison comparison = new Comparison(state, policy, apps, safeMode);
        this.observations = new ObservationDecisions(state, policy, claims, comparison, demand);
        this.ends = new EndDecisions(state, claims, operations, fences, observations, handOvers, demand);
        this.unknown = new UnknownTasks(state, safeMode, demand);
        this.updates = new UpdateDecisions(state, claims, apps, ends, fences, agents, unknown, policy.epoch());
        this.garbage = new GarbageDecisions(state);
        this.prospects = new Prospects(state, policy, claims, observations);
        this.gate = new StorageGate(state, policy, prospects, handOvers, unknown);
        this.maintenance = new MaintenanceDecisions(state, apps);
        this.placements = new Placements(
                state, policy, apps, new LaunchDecisions(state, policy, chance, claims, handOvers), gate);
        this.offers = new OfferDecisions(
                state,
                policy,
                apps,
                operations,
                new BackendTasks(state, policy, operations, observations),
                placements,
                maintenance);
        PluginCheck plugins = new PluginCheck(state, policy);
        VolumeRules rules = new VolumeRules(state, policy, plugins);
        this.appRequests =
                new AppRequests(state, policy.requests(), apps, deployments, chance, new DraftChecks(policy, rules));
        this.groupRequests = new GroupRequests(state, appRequests, chance);
        this.deploymentRequests = new DeploymentRequests(state, apps, deployments);
        this.kills = new KillRequests(state, apps, appRequests);
        this.volumes = new VolumeDecisions(state, policy, plugins, demand);
        this.foreign = new ForeignDecisions(
                state, policy, claims, updates, ends, new ForeignGrants(state, policy, chance, gate, rules, safeMode));
    }

    /** What decisions are made from; only to be read, and only on the engine's thread. */
    public ClusterState state() {
        return state;
    }

    public Policy policy() {
        return policy;
    }

    /** A new leader takes stock: what is missing, what has to be killed again. */
    public void start(Decision decision) {
        policy.safeMode().ifPresent(why -> safeMode.rolledBack(why, decision));
        fences.watchSuspects(decision);
        garbage.watch(decision);
        foreign.start(decision);
        List.copyOf(state.tasks()).forEach(task -> apps.reach(task, decision));
        state.apps().stream().map(app -> app.id()).toList().forEach(app -> apps.converge(app, decision));
        for (Task task : List.copyOf(state.tasks())) {
            if (task.state() == TaskState.STAGING) {
                decision.effect(new Effect.StartTimer(
                        new Timer.LaunchTimeout(task.id()),
                        task.stagedAt().plus(policy.timing().launchTimeout())));
            }
        }
    }

    /** Mesos took the subscription: old offers are dead, and every task is asked for. */
    public void subscribed(FrameworkId framework, Decision decision) {
        boolean again = state.framework().equals(Optional.of(framework));
        if (!again) {
            decision.record(new StoreRecord.PutFramework(framework));
        }
        decision.publish("subscribed", Facts.of("framework", framework).and("again", again));
        demand.subscribed(decision.now());
        maintenance.subscribed();
        agents.subscribed();
        hearFirst(decision);
        for (Task task : List.copyOf(state.tasks())) {
            if (task.goal() == Task.Goal.STOP && task.state() != TaskState.ENDED) {
                apps.kill(task, 1, decision);
            }
        }
        reconcileAll(decision);
        observations.compareAll(decision);
    }

    /** The subscription at Mesos is gone for now. Claims do not depend on it. */
    public void disconnected(Decision decision) {
        decision.publish("disconnected", Facts.of("from", "Mesos"));
    }

    private void hearFirst(Decision decision) {
        if (!heard && !policy.hearFirst().isZero()) {
            Instant until = decision.now().plus(policy.hearFirst());
            gate.closeUntil(until);
            decision.effect(new Effect.StartTimer(new Timer.OperationDue("first grants"), until));
        }
        heard = true;
    }

    public void offers(List<Offer> arrived, Decision decision) {
        arrived.forEach(offer -> agents.heard(offer.agent()));
        offers.on(arrived, decision);
    }

    public void update(StatusUpdate update, Decision decision) {
        reconciliation.heard(update.task());
        if (update.reason().contains("AGENT_DRAINING") && update.agent().isPresent()) {
            maintenance.draining(update.agent().get(), decision);
        }
        updates.on(update, decision);
        update.content().ifPresent(report -> seen(report, decision));
    }

    private void seen(ExecutorReport report, Decision decision) {
        if (report instanceof ExecutorReport.AgentReport agent) {
            foreign.machineSeen(agent.machine(), agent.boot(), decision);
        }
    }

    /** A message of an executor; messages may be lost, so they only bring forward what updates say. */
    public void message(TaskId from, AgentId agent, ExecutorReport report, Decision decision) {
        Optional<Task> task = state.task(from).filter(known -> known.kind() != TaskKind.FOREIGN);
        if (task.isPresent() && task.get().agent().equals(agent)) {
            agents.heard(agent);
            updates.heard(task.get(), report, decision);
            seen(report, decision);
        } else if (report instanceof ExecutorReport.ActivationRequest) {
            decision.effect(new Effect.SendMessage(
                    from, agent, new Deny(from, policy.epoch(), "task " + from + " is not known (any more)")));
        }
    }

    /** Mesos says that an agent is gone from its list. What became of its tasks is said by their updates. */
    public void agentLost(AgentId id, Decision decision) {
        agents.removed(id, decision);
        state.agent(id).flatMap(Agent::machine).ifPresent(machine -> foreign.machineLost(machine, decision));
    }

    /** An executor's process is over. What became of its task, and of what that held, is said by an update. */
    public void executorEnded(TaskId executor, AgentId agent, String how, Decision decision) {
        decision.publish(
                "executor_ended", Facts.of("task", executor).and("agent", agent).and("how", how));
    }

    /** The agents that operators drain, all of them, as a master lists them. */
    public void drained(Set<AgentId> agents, Decision decision) {
        maintenance.drained(agents, decision);
    }

    /**
     * Mesos removed the framework: its tasks are being killed, and no update will say so. Whatever they held is suspect.
     *
     * @return whether there are more than fit one transaction, so that this has to be said again
     */
    public boolean frameworkRemoved(Decision decision) {
        return updates.frameworkRemoved(decision);
    }

    /** Mesos asks whether an agent can be taken down when it is planned to be. */
    public void inverseOffer(InverseOffer offer, Decision decision) {
        maintenance.inverseOffer(offer, decision);
    }

    /** The question is taken back: the plan has changed, or the agent is gone. */
    public void inverseOfferRescinded(OfferId offer) {
        maintenance.rescinded(offer);
    }

    /** An offer was taken back; offers are used or refused at once, so there is nothing to forget. */
    public void rescinded(OfferId offer) {}

    public void timer(Timer timer, Decision decision) {
        if (timer instanceof Timer.LaunchTimeout launch) {
            state.task(launch.task()).ifPresent(task -> launchTimeout(task, decision));
        } else if (timer instanceof Timer.KillAgain kill) {
            state.task(kill.task())
                    .filter(task ->
                            task.goal() == Task.Goal.STOP && task.state().live())
                    .ifPresent(task -> apps.kill(task, kill.attempt(), decision));
        } else if (timer instanceof Timer.BackoffOver || timer instanceof Timer.OperationDue) {
            demand.changed();
        } else if (timer instanceof Timer.RemovalGoesOn removal) {
            apps.converge(removal.app(), decision);
        } else if (timer instanceof Timer.OutOfReach out) {
            apps.converge(out.app(), decision);
        } else if (timer instanceof Timer.ReconcileAgain) {
            reconcile(decision);
        } else if (timer instanceof Timer.ReconcileAll) {
            // A run that is still open asks on at its own pace.
            if (reconciliation.open() == 0) {
                reconcileAll(decision);
            }
        } else if (timer instanceof Timer.SuspectGrace grace) {
            fences.graceOver(grace.claim(), decision);
        } else if (timer instanceof Timer.HandOverMissed hand) {
            handOvers.missed(hand.claim());
            demand.changed();
        } else if (timer instanceof Timer.CompareAll) {
            fences.review(decision);
            observations.compareAll(decision);
        } else if (timer instanceof Timer.CollectGarbage) {
            garbage.collect(decision);
        } else if (timer instanceof Timer.LeaveAgent leave) {
            maintenance.due(leave.agent(), decision);
        } else if (timer instanceof Timer.HeartbeatDue due) {
            foreign.due(due.foreign(), decision);
        } else if (timer instanceof Timer.AskReadiness ask) {
            state.task(ask.task()).ifPresent(task -> readiness.again(task, decision));
        } else if (timer instanceof Timer.WantOffers) {
            demand.timerCame();
        } else {
            throw new IllegalArgumentException("no answer to " + timer.getClass());
        }
    }

    /** Ends an event: draws the conclusions of what it freed. */
    public void settle(Decision decision) {
        for (TaskId id : safeMode.drainDoubted()) {
            state.task(id).ifPresent(task -> apps.stop(task, decision));
        }
        fences.dropNeedless(decision);
        for (VolumeName volume : claims.drainWriterless()) {
            apps.stopReaders(volume, decision);
        }
        for (TaskId id : claims.drainReleased()) {
            Optional<Task> task = state.task(id);
            task.ifPresent(ended -> ends.settle(ended, decision));
            task.flatMap(Task::app).ifPresent(app -> apps.converge(app, decision));
            foreign.settle(id, decision);
        }
    }

    /** Ends a batch of events: whether offers are wanted, for which all that waits is looked at, is settled once. */
    public void settleDemand(Decision decision) {
        Demand.Need need = offers.need(decision.now());
        if (need == Demand.Need.OFFERS) {
            offers.wish(decision);
        }
        demand.settle(need, decision);
    }

    /** What users ask of apps. */
    public AppRequests apps() {
        return appRequests;
    }

    /** What users ask of groups of apps. */
    public GroupRequests groups() {
        return groupRequests;
    }

    /** What executors of tasks that other frameworks run ask of their claims. */
    public ForeignDecisions foreign() {
        return foreign;
    }

    /** What users ask of changes on their way. */
    public DeploymentRequests deployments() {
        return deploymentRequests;
    }

    /**
     * What a task answered when it was asked whether it is ready.
     *
     * @param answer empty if there was none
     */
    public void readiness(TaskId id, Optional<TaskReadiness.Response> answer, Decision decision) {
        state.task(id).ifPresent(task -> {
            readiness.answered(task, answer, decision);
            task.app().ifPresent(app -> apps.converge(app, decision));
        });
    }

    /** What users ask of single tasks. */
    public KillRequests kills() {
        return kills;
    }

    public Answer<Volume> declareVolume(VolumeSpec spec, Decision decision) {
        return volumes.declare(spec, decision);
    }

    public Answer<Volume> removeVolume(VolumeName name, Decision decision) {
        return volumes.remove(name, decision);
    }

    /** E5: the operator's word that this machine does not write any more. */
    public Answer<ReleasedClaim> release(
            VolumeName volume, MachineKey machine, String reason, String by, Decision decision) {
        return operator.release(volume, machine, reason, by, decision);
    }

    /** Ends a volume's quarantine on the operator's word. */
    public Answer<Volume> letGo(VolumeName volume, String by, String reason, Decision decision) {
        return operator.clear(volume, by, reason, decision);
    }

    /** Puts a hold on, or takes it off; out of safe mode, what is not on record is ended. */
    public Hold hold(Hold.Kind kind, boolean on, String by, String reason, Decision decision) {
        Hold hold = operator.hold(kind, on, by, reason, decision);
        if (kind == Hold.Kind.SAFE_MODE && !on) {
            unknown.end(decision);
        }
        return hold;
    }

    /** What claims look like without the store. */
    public List<Survivors.Trace> survivors(List<Survivors.LabelledTask> tasks) {
        return new Survivors(state).find(tasks);
    }

    /** What the creation or removal of the volume waits for; empty when neither is wanted. */
    public Optional<String> waitsFor(Volume volume, Instant now) {
        return operations.waitsFor(volume, now);
    }

    /** What would free the claim, and what is tried next. */
    public ClaimProspect prospect(Claim claim) {
        return prospects.of(claim);
    }

    /** Why the app's missing instances are not placed. */
    public Explanation explain(AppId app, Decision decision) {
        return placements.explain(app, decision.now());
    }

    /** The volume that keeps the app's missing tasks from being launched, and what is with it; empty if none does. */
    public Optional<String> waitsForVolumes(AppId app, Decision decision) {
        return deploymentRequests.volumes(app, explain(app, decision));
    }

    private void launchTimeout(Task task, Decision decision) {
        if (task.state() != TaskState.STAGING) {
            return;
        }
        for (Claim claim : state.claimsOf(task.id())) {
            if (claim.state() == ClaimState.RESERVED) {
                claims.on(
                        claim,
                        new ClaimEvent.Revoke("nothing was heard of the launch for "
                                + policy.timing().launchTimeout().toSeconds() + " s"),
                        decision);
            }
        }
        if (task.kind() != TaskKind.FOREIGN) {
            decision.effect(new Effect.Reconcile(List.of(new Effect.KnownTask(task.id(), task.agent()))));
            apps.stop(task, decision);
        }
    }

    private void reconcileAll(Decision decision) {
        reconciliation.start(
                state.tasks().stream().filter(this::inQuestion).map(Task::id).toList());
        reconcile(decision);
    }

    /** One that ended and left something is asked for, too: the answer says whether its agent is still there. */
    private boolean inQuestion(Task task) {
        if (task.kind() == TaskKind.FOREIGN) {
            return false; // Mesos tells each framework of its own tasks only
        }
        return task.state() != TaskState.ENDED
                || state.claimsOf(task.id()).stream().anyMatch(claim -> claim.state() == ClaimState.RELEASING);
    }

    private void reconcile(Decision decision) {
        // One that was settled without a word of Mesos is not asked for, least of all as a question about nothing.
        reconciliation.retain(id -> state.task(id).filter(this::inQuestion).isPresent());
        Optional<Reconciliation.Round> round = reconciliation.next();
        if (round.isEmpty()) {
            // All of ours are answered for: now for those that Mesos knows and we do not.
            decision.effect(new Effect.Reconcile(List.of()));
            decision.effect(new Effect.StartTimer(
                    new Timer.ReconcileAll(), decision.now().plus(RECONCILE_EVERY)));
            return;
        }
        for (List<TaskId> batch : round.get().batches()) {
            decision.effect(new Effect.Reconcile(batch.stream()
                    .map(state::task)
                    .flatMap(Optional::stream)
                    .map(task -> new Effect.KnownTask(task.id(), task.agent()))
                    .toList()));
        }
        decision.effect(new Effect.StartTimer(
                new Timer.ReconcileAgain(), decision.now().plus(round.get().pause())));
    }
}
