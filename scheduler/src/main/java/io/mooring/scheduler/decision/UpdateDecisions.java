package io.mooring.scheduler.decision;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.MountedVolume;
import io.mooring.common.command.ExecutorReport.PluginHealth;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.SchedulerMessage.Superseded;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimEvent;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.claim.Transition;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Discrepancies.Name;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskMachine;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a status update means: the task's state follows what Mesos says, its claims
 * follow only what was proven. The acknowledgement is an effect, so it leaves after all of this is durable (I7).
 */
final class UpdateDecisions {
    /** One report frees so many claims at most, to fit a transaction; the next inspection frees the rest. */
    private static final int FREED_AT_ONCE = 150;

    private static final int SUSPECTED_AT_ONCE = 100;

    private final ClusterState state;
    private final ClaimDecisions claims;
    private final AppDecisions apps;
    private final EndDecisions ends;
    private final FenceDecisions fences;
    private final AgentDecisions agents;
    private final UnknownTasks unknown;
    private final HealthDecisions health;
    private final long epoch;

    UpdateDecisions(
            ClusterState state,
            ClaimDecisions claims,
            AppDecisions apps,
            EndDecisions ends,
            FenceDecisions fences,
            AgentDecisions agents,
            UnknownTasks unknown,
            long epoch) {
        this.state = state;
        this.claims = claims;
        this.apps = apps;
        this.ends = ends;
        this.fences = fences;
        this.agents = agents;
        this.unknown = unknown;
        this.health = new HealthDecisions(state);
        this.epoch = epoch;
    }

    void on(StatusUpdate update, Decision decision) {
        Optional<Task> task = state.task(update.task()).filter(known -> known.kind() != TaskKind.FOREIGN);
        if (task.isPresent()) {
            known(task.get(), update, decision);
        } else {
            unknown.on(update, decision);
        }
        acknowledge(update, decision);
    }

    private void known(Task task, StatusUpdate update, Decision decision) {
        Optional<TaskState> next = TaskMachine.on(task.state(), update.report());
        boolean wasUnreachable = task.state() == TaskState.UNREACHABLE;
        Task now = task;
        if (next.isPresent()) {
            now = task.in(next.get(), decision.now());
            decision.record(new StoreRecord.PutTask(now));
            decision.publish("task_" + update.report().name().toLowerCase(java.util.Locale.ROOT), facts(task, update));
        }
        apps.reach(now, decision);
        health.heard(now, update, decision);
        switch (update.report().meaning()) {
            case ALIVE -> alive(now, wasUnreachable, update, decision);
            case NO_CONTACT -> noContact(now, update, decision);
            case ENDED -> {
                // An inspection's report comes with its end.
                if (update.content().orElse(null) instanceof AgentReport report) {
                    inspected(now, report, decision);
                }
                if (next.isPresent()) {
                    ends.remember(now, update, decision);
                }
                ends.ended(now, update, decision);
            }
        }
        task.app().ifPresent(app -> apps.converge(app, decision));
    }

    /** What {@link Decider#frameworkRemoved} says. */
    boolean frameworkRemoved(Decision decision) {
        List<Task> inContact = state.tasks().stream()
                .filter(task -> task.state().live() && task.kind() != TaskKind.FOREIGN)
                .limit(SUSPECTED_AT_ONCE + 1L)
                .toList();
        inContact.stream()
                .limit(SUSPECTED_AT_ONCE)
                .forEach(task -> known(
                        task,
                        new StatusUpdate(
                                task.id(),
                                Optional.of(task.agent()),
                                Report.LOST,
                                StatusUpdate.Source.MASTER,
                                "",
                                "the framework was removed",
                                Optional.empty(),
                                Optional.empty()),
                        decision));
        return inContact.size() > SUSPECTED_AT_ONCE;
    }

    private void alive(Task task, boolean cameBack, StatusUpdate update, Decision decision) {
        if (task.state() == TaskState.ENDED) {
            // It was called ended, and others may stand in its place.
            kill(task.id(), task.agent(), decision);
            return;
        }
        if (cameBack) {
            cameBack(task, decision);
        }
        update.content().ifPresent(content -> heard(task, content, decision));
    }

    /** T9 while its claims are its own; a task that lost one is a stranger to its volume, and is ended at once (T15). */
    private void cameBack(Task task, Decision decision) {
        List<Claim> held = state.claimsOf(task.id());
        boolean takenOver = task.kind() == TaskKind.RUN
                && (held.size() < task.claims().size()
                        || held.stream().anyMatch(claim -> claim.state() == ClaimState.FENCING));
        for (Claim claim : held) {
            ClaimState before = takenOver || task.goal() == Task.Goal.STOP
                    ? ClaimState.RELEASING
                    : claim.before().orElse(ClaimState.MOUNTED);
            claims.on(claim, new ClaimEvent.ContactRegained(before), decision);
        }
        if (takenOver) {
            zombie(task, decision);
        } else if (task.goal() == Task.Goal.STOP) {
            apps.kill(task, 1, decision);
        }
    }

    private void zombie(Task task, Decision decision) {
        String what = "task " + task.id() + " on " + task.hostname() + " came back after its volume was taken over";
        state.discrepancies().put(Name.ZOMBIE_RETURNED, task.id().value(), what, decision.now());
        decision.publish("zombie_returned", Facts.of("task", task.id()).and("machine", task.machine()));
        for (Volume volume : state.takenFrom(task.id())) {
            decision.effect(new Effect.SendMessage(
                    task.id(), task.agent(), new Superseded(task.id(), epoch, volume.name(), volume.fence())));
        }
        if (task.goal() == Task.Goal.STOP) {
            apps.kill(task, 1, decision);
        } else {
            apps.stop(task, decision);
        }
    }

    /** What an executor says of itself, by update or by message. */
    void heard(Task task, ExecutorReport content, Decision decision) {
        if (content instanceof ActivationRequest request) {
            claims.activate(request, task, decision);
        } else if (content instanceof MountReport mounts) {
            mounts.volumes().forEach(mounted -> mounted(task, mounted, decision));
        } else if (content instanceof AgentReport report) {
            inspected(task, report, decision);
        } else if (content instanceof PluginHealth plugin) {
            agents.pluginHeard(task.agent(), plugin, decision);
        }
    }

    private void mounted(Task task, MountedVolume mounted, Decision decision) {
        Optional<Claim> claim = state.claim(mounted.claim());
        if (claim.isEmpty()
                || claim.get().fence() != mounted.fence()
                || !claim.get().task().equals(task.id())) {
            decision.publish("mount_without_claim", Facts.of("task", task.id()).and("claim", mounted.claim()));
            return;
        }
        claims.on(claim.get(), new ClaimEvent.Mount(), decision);
        Optional<Volume> volume = state.volume(claim.get().volume());
        if (volume.isPresent() && !volume.get().exists()) {
            Optional<MachineKey> home = local(task, volume.get()) ? Optional.of(task.machine()) : Optional.empty();
            decision.record(new StoreRecord.PutVolume(volume.get().seen(mounted.fsType(), home)));
        } else if (volume.isPresent()
                && mounted.fsType().isPresent()
                && !mounted.fsType().equals(volume.get().fsType())) {
            decision.record(new StoreRecord.PutVolume(
                    volume.get().seen(mounted.fsType(), volume.get().home())));
        }
    }

    /** Whether the volume exists on the task's machine only, as its plugin states. */
    private boolean local(Task task, Volume volume) {
        return state.agent(task.agent())
                .flatMap(agent -> agent.plugin(volume.driver()))
                .filter(plugin -> !plugin.globalScope())
                .isPresent();
    }

    private void inspected(Task task, AgentReport report, Decision decision) {
        agents.inspected(task, report, decision);
        rebooted(report.machine(), report.boot(), task, decision);
    }

    /** E4: a task on that machine reports another boot than the one a claim was activated on. */
    private void rebooted(MachineKey machine, BootId boot, Task reporter, Decision decision) {
        int freed = 0;
        for (ClaimState waiting : List.of(ClaimState.RELEASING, ClaimState.SUSPECT, ClaimState.FENCING)) {
            for (Claim claim : state.claimsIn(waiting)) {
                if (freed >= FREED_AT_ONCE) {
                    return;
                }
                if (mayBeOn(claim, machine, reporter)) {
                    decision.record(new StoreRecord.PutClaim(claim.atLatestOn(boot)));
                    continue;
                }
                boolean otherBoot =
                        claim.boot().isPresent() && !claim.boot().get().equals(boot);
                // A report that waited on the agent's disk may be of an earlier boot than the claim's.
                boolean later = !reporter.stagedAt().isBefore(claim.since());
                if (claim.machine().equals(machine)
                        && otherBoot
                        && later
                        && !claims.holderInContact(claim, reporter.agent(), decision)) {
                    Evidence evidence = ClaimDecisions.evidence(
                            Evidence.Code.E4,
                            "task " + reporter.id(),
                            "machine " + machine + " runs boot " + boot + "; the claim was activated on "
                                    + claim.boot().get(),
                            decision);
                    claims.on(claim, new ClaimEvent.Reboot(evidence), decision);
                    freed++;
                }
            }
        }
    }

    /** A claim of which nobody knows whether it was activated can only have been until now: a later boot proves that it is over. */
    private static boolean mayBeOn(Claim claim, MachineKey machine, Task reporter) {
        return claim.boot().isEmpty()
                && claim.machine().equals(machine)
                && !reporter.stagedAt().isBefore(claim.since());
    }

    private void noContact(Task task, StatusUpdate update, Decision decision) {
        if (task.kind() != TaskKind.RUN && task.kind() != TaskKind.REMOVE) {
            // What it was to do is done again by another; if it comes back, nobody waits for it.
            decision.record(new StoreRecord.RemoveTask(task.id()));
        }
        // The claims of a task that ended wait for a clean-up, whatever becomes of the contact with its agent.
        boolean ended = task.state() == TaskState.ENDED;
        for (Claim claim : ended ? List.<Claim>of() : state.claimsOf(task.id())) {
            if (update.report() == Report.GONE_BY_OPERATOR) {
                markedGone(claim, task, update, decision);
            } else {
                claims.on(claim, new ClaimEvent.ContactLost(word(update)), decision);
            }
        }
        if (update.report() == Report.UNREACHABLE && !ended) {
            agents.unreachable(task.agent(), decision);
        } else if (update.source() == StatusUpdate.Source.MASTER && update.report() != Report.LOST) {
            agents.missed(task.agent(), decision);
        }
    }

    /**
     * E5, but only if contact was lost before: the master may say it of an agent that is alive, and then the storage is
     * asked to cut it off where it can. What was said is kept with the claim, because it is said again on every
     * reconciliation.
     */
    private void markedGone(Claim claim, Task task, StatusUpdate update, Decision decision) {
        Evidence word = ClaimDecisions.evidence(
                Evidence.Code.E5, "operator of Mesos", "agent " + task.agent() + " was marked gone", decision);
        boolean saidBefore = claim.evidence().stream().anyMatch(known -> known.code() == Evidence.Code.E5);
        if (claim.state() == ClaimState.SUSPECT && !saidBefore) {
            if (claims.on(claim, new ClaimEvent.Confirm(word), decision) instanceof Transition.Release) {
                fences.afterRelease(claim, decision);
            }
            return;
        }
        claims.on(claim, new ClaimEvent.ContactLost(word(update)), decision);
        if (!saidBefore) {
            state.claim(claim.id()).ifPresent(suspect -> decision.record(new StoreRecord.PutClaim(suspect.with(word))));
            state.claim(claim.id()).ifPresent(suspect -> fences.order(suspect, "operator of Mesos", decision));
        }
    }

    private static void kill(TaskId task, AgentId agent, Decision decision) {
        decision.publish("unknown_task_killed", Facts.of("task", task));
        decision.effect(new Effect.KillTask(task, agent, Optional.empty()));
    }

    private static void acknowledge(StatusUpdate update, Decision decision) {
        if (update.uuid().isPresent() && update.agent().isPresent()) {
            decision.effect(new Effect.Acknowledge(
                    update.task(), update.agent().get(), update.uuid().get()));
        }
    }

    private static Facts facts(Task task, StatusUpdate update) {
        Facts facts = Facts.of("task", task.id())
                .and("kind", task.kind())
                .and("host", task.hostname())
                .and("agent", task.agent())
                .and("ports", task.ports().stream().map(String::valueOf).collect(Collectors.joining(",")))
                .and("message", word(update));
        task.app().ifPresent(app -> facts.and("app", app));
        task.appVersion().ifPresent(version -> facts.and("version", version));
        return facts;
    }

    static String word(StatusUpdate update) {
        String reason = update.reason().isEmpty() ? "" : " (" + update.reason() + ")";
        return "TASK_" + update.report() + reason + (update.message().isEmpty() ? "" : ": " + update.message());
    }

    /** The part of a record that speaks of one claim. */
    static Optional<ReleasedVolume> released(Optional<ExecutorReport> content, Claim claim) {
        if (content.isPresent() && content.get() instanceof ReleaseRecord record) {
            return record.volumes().stream()
                    .filter(volume -> volume.claim().equals(claim.id()) && volume.fence() == claim.fence())
                    .findFirst();
        }
        return Optional.empty();
    }

    /** Whether the record is about the boot that the claim was activated on. */
    static boolean sameMachineAndBoot(Optional<ExecutorReport> content, Claim claim) {
        return content.isPresent()
                && content.get() instanceof ReleaseRecord record
                && record.machine().equals(claim.machine())
                && (claim.boot().isEmpty() || claim.boot().get().equals(record.boot()));
    }

    static boolean operation(Task task) {
        return task.kind() != TaskKind.RUN;
    }
}
