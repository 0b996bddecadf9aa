package io.mooring.scheduler.decision;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.MountedVolume;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.ids.MachineKey;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimEvent;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.ClusterState;
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

/**
 * What a status update means: the task's state follows what Mesos says, its claims
 * follow only what was proven. The acknowledgement is an effect, so it leaves after all of this is durable (I7).
 */
final class UpdateDecisions {
    private final ClusterState state;
    private final ClaimDecisions claims;
    private final AppDecisions apps;
    private final EndDecisions ends;

    UpdateDecisions(ClusterState state, ClaimDecisions claims, AppDecisions apps, EndDecisions ends) {
        this.state = state;
        this.claims = claims;
        this.apps = apps;
        this.ends = ends;
    }

    void on(StatusUpdate update, Decision decision) {
        Optional<Task> task = state.task(update.task());
        if (task.isPresent()) {
            known(task.get(), update, decision);
        } else {
            unknown(update, decision);
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

    private void alive(Task task, boolean cameBack, StatusUpdate update, Decision decision) {
        if (cameBack) {
            for (Claim claim : state.claimsOf(task.id())) {
                ClaimState before = task.goal() == Task.Goal.STOP
                        ? ClaimState.RELEASING
                        : claim.before().orElse(ClaimState.MOUNTED);
                claims.on(claim, new ClaimEvent.ContactRegained(before), decision);
            }
            if (task.goal() == Task.Goal.STOP) {
                apps.kill(task, 1, decision);
            }
        }
        update.content().ifPresent(content -> heard(task, content, decision));
    }

    /** What an executor says of itself, by update or by message. */
    void heard(Task task, ExecutorReport content, Decision decision) {
        if (content instanceof ActivationRequest request) {
            claims.activate(request, task, decision);
        } else if (content instanceof MountReport mounts) {
            mounts.volumes().forEach(mounted -> mounted(task, mounted, decision));
        } else if (content instanceof AgentReport report) {
            inspected(task, report, decision);
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
        Optional<Agent> agent = state.agent(task.agent());
        if (agent.isPresent()) {
            state.putAgent(agent.get()
                    .reported(report.machine(), report.boot(), report.plugins(), report.unclean(), decision.now()));
        }
        rebooted(report.machine(), report.boot().value(), task, decision);
    }

    /** E4: a task on that machine reports another boot than the one a claim was activated on. */
    private void rebooted(MachineKey machine, String boot, Task reporter, Decision decision) {
        for (ClaimState waiting : List.of(ClaimState.RELEASING, ClaimState.SUSPECT, ClaimState.FENCING)) {
            for (Claim claim : state.claimsIn(waiting)) {
                boolean otherBoot =
                        claim.boot().isPresent() && !claim.boot().get().value().equals(boot);
                if (claim.machine().equals(machine)
                        && otherBoot
                        && !claims.holderInContact(claim, reporter.agent(), decision)) {
                    Evidence evidence = ClaimDecisions.evidence(
                            Evidence.Code.E4,
                            "task " + reporter.id(),
                            "machine " + machine + " runs boot " + boot + "; the claim was activated on "
                                    + claim.boot().get(),
                            decision);
                    claims.on(claim, new ClaimEvent.Reboot(evidence), decision);
                }
            }
        }
    }

    private void noContact(Task task, StatusUpdate update, Decision decision) {
        // The claims of a task that ended wait for a clean-up, whatever becomes of the contact with its agent.
        boolean ended = task.state() == TaskState.ENDED;
        for (Claim claim : ended ? List.<Claim>of() : state.claimsOf(task.id())) {
            if (update.report() == Report.GONE_BY_OPERATOR) {
                markedGone(claim, task, update, decision);
            } else {
                claims.on(claim, new ClaimEvent.ContactLost(word(update)), decision);
            }
        }
        state.agent(task.agent())
                .filter(agent -> update.report() == Report.UNREACHABLE)
                .ifPresent(agent -> state.putAgent(agent.in(Agent.State.UNREACHABLE)));
    }

    /**
     * E5, but only if contact was lost before: the master may say it of an agent that is alive. What it said then is kept
     * with the claim, because it says it again on every reconciliation.
     */
    private void markedGone(Claim claim, Task task, StatusUpdate update, Decision decision) {
        Evidence word = ClaimDecisions.evidence(
                Evidence.Code.E5, "operator of Mesos", "agent " + task.agent() + " was marked gone", decision);
        boolean saidBefore = claim.evidence().stream().anyMatch(known -> known.code() == Evidence.Code.E5);
        if (claim.state() == ClaimState.SUSPECT && !saidBefore) {
            claims.on(claim, new ClaimEvent.Confirm(word), decision);
            return;
        }
        claims.on(claim, new ClaimEvent.ContactLost(word(update)), decision);
        if (!saidBefore) {
            state.claim(claim.id()).ifPresent(suspect -> decision.record(new StoreRecord.PutClaim(suspect.with(word))));
        }
    }

    /** A task that is not on record: its end is history already, or it must not run. */
    private void unknown(StatusUpdate update, Decision decision) {
        if (update.report().meaning() == Report.Meaning.ALIVE && update.agent().isPresent()) {
            decision.publish("unknown_task_killed", Facts.of("task", update.task()));
            decision.effect(new Effect.KillTask(update.task(), update.agent().get(), Optional.empty()));
        }
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
                .and("message", word(update));
        task.app().ifPresent(app -> facts.and("app", app));
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
