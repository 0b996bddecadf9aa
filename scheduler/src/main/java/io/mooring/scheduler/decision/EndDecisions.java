package io.mooring.scheduler.decision;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.Existence;
import io.mooring.common.command.ExecutorReport.Failure;
import io.mooring.common.command.ExecutorReport.FenceReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.ExecutorReport.VolumeObserved;
import io.mooring.common.command.ExecutorReport.VolumeOperationDone;
import io.mooring.common.command.ExecutorReport.VolumesObserved;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimEvent;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.cluster.AppRuntime;
import io.mooring.scheduler.cluster.AppRuntime.TaskFailure;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.Backoff;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What the end of a task comes to: its claims, its app's patience, the volume operation that it was. */
final class EndDecisions {
    private static final Duration STABLE = Duration.ofMinutes(5);

    private final ClusterState state;
    private final ClaimDecisions claims;
    private final OperationDecisions operations;
    private final FenceDecisions fences;
    private final ObservationDecisions observations;
    private final HandOvers handOvers;
    private final Demand demand;

    EndDecisions(
            ClusterState state,
            ClaimDecisions claims,
            OperationDecisions operations,
            FenceDecisions fences,
            ObservationDecisions observations,
            HandOvers handOvers,
            Demand demand) {
        this.state = state;
        this.claims = claims;
        this.operations = operations;
        this.fences = fences;
        this.observations = observations;
        this.handOvers = handOvers;
        this.demand = demand;
    }

    void ended(Task task, StatusUpdate update, Decision decision) {
        switch (task.kind()) {
            case RUN, FOREIGN -> run(task, update, decision);
            case INSPECT -> inspected(task, update, decision);
            case CREATE -> created(task, update, decision);
            case REMOVE -> removed(task, update, decision);
            case CLEAN_UP -> cleaned(task, update, decision);
            case FENCE -> fenced(task, update, decision);
            case OBSERVE -> observed(task, update, decision);
        }
        demand.changed();
        boolean hearsay = update.source() == StatusUpdate.Source.MASTER && task.kind() == TaskKind.RUN;
        if (!hearsay) {
            settle(task, decision);
        }
    }

    /**
     * An ended task's record goes once no claim names it (I5). One that only the master called ended stays a while: a master
     * that failed over may be wrong about a task, and one that is not on record would look like a loss of the store.
     */
    void settle(Task task, Decision decision) {
        if (task.state() == TaskState.ENDED && state.claimsOf(task.id()).isEmpty()) {
            state.task(task.id()).ifPresent(known -> decision.record(new StoreRecord.RemoveTask(known.id())));
        }
    }

    private void run(Task task, StatusUpdate update, Decision decision) {
        for (Claim claim : state.claimsOf(task.id())) {
            release(claim, Evidence.Code.E1, "executor of task " + task.id(), update, decision);
        }
    }

    private void release(Claim claim, Evidence.Code code, String by, StatusUpdate update, Decision decision) {
        Optional<ReleasedVolume> released = UpdateDecisions.released(update.content(), claim);
        boolean fromExecutor = update.source() == StatusUpdate.Source.EXECUTOR;
        if (fromExecutor
                && released.isPresent()
                && released.get().complete()
                && !(released.get().neverAttached() && claim.takesOver().isPresent())
                && UpdateDecisions.sameMachineAndBoot(update.content(), claim)) {
            Evidence evidence = ClaimDecisions.evidence(code, by, words(released.get()), decision);
            claims.on(claim, new ClaimEvent.RecordComplete(evidence), decision);
            return;
        }
        if (fromExecutor
                && claim.activated()
                && UpdateDecisions.sameMachineAndBoot(update.content(), claim)
                && released.filter(volume -> volume.handedOver() && volume.workloadGone())
                        .isPresent()) {
            claims.on(
                    claim,
                    new ClaimEvent.RecordMissing(
                            "the volume stays mounted on machine " + claim.machine() + " for the next task of its app"),
                    decision);
            state.claim(claim.id()).ifPresent(left -> handOvers.offer(left, decision));
            return;
        }
        String lacking = released.flatMap(ReleasedVolume::remark)
                .orElse("the task ended without a record of the volume's release: " + UpdateDecisions.word(update));
        claims.on(claim, new ClaimEvent.RecordMissing(lacking), decision);
    }

    private static String words(ReleasedVolume released) {
        return released.neverAttached()
                ? "the volume was never touched"
                : "the workload's PID namespace is gone, the volume unmounted, closed in every mount namespace, and"
                        + " detached; the journal is closed";
    }

    /** What its end, told for the first time, means for the next launch of its app. */
    void remember(Task task, StatusUpdate update, Decision decision) {
        task.app().flatMap(state::app).ifPresent(app -> remember(app, task, update, decision));
    }

    private void remember(App app, Task task, StatusUpdate update, Decision decision) {
        boolean asked = task.goal() == Task.Goal.STOP;
        boolean movedAway = update.report() == Report.KILLED;
        boolean neverRan = update.reason().contains("INVALID_OFFERS");
        if (asked || movedAway || neverRan) {
            return;
        }
        boolean neverStarted = update.source() == StatusUpdate.Source.EXECUTOR
                && task.startedAt().isEmpty();
        if (neverStarted && !task.claims().isEmpty()) {
            operations.inspect(
                    task.agent()); // its plugin, or its engine, may be the reason: ask before the next launch there
        }
        Backoff backoff = app.definition().backoff();
        AppRuntime runtime = state.runtime(app.id());
        boolean stable = task.startedAt().isPresent()
                && task.startedAt().get().plus(STABLE).isBefore(decision.now());
        AppRuntime before = stable ? runtime.forgiven() : runtime;
        Instant retry = decision.now().plus(backoff.after(before.failures() + 1));
        TaskFailure failure = new TaskFailure(
                task.id().value(),
                task.hostname(),
                task.agent().value(),
                "TASK_" + update.report(),
                update.message(),
                decision.now(),
                task.appVersion().orElse(app.version()));
        state.putRuntime(app.id(), before.failed(failure, retry));
        decision.effect(new Effect.StartTimer(new Timer.BackoffOver(app.id()), retry));
    }

    private void inspected(Task task, StatusUpdate update, Decision decision) {
        if (!(update.content().orElse(null) instanceof AgentReport)) {
            operations.failed("inspect " + task.agent(), decision);
        }
    }

    private void created(Task task, StatusUpdate update, Decision decision) {
        Optional<Volume> volume = task.target().flatMap(state::volume);
        if (volume.isEmpty() || volume.get().state() != VolumeState.PROVISIONING) {
            return;
        }
        ExecutorReport content = update.content().orElse(null);
        if (content instanceof VolumeOperationDone) {
            decision.record(new StoreRecord.PutVolume(volume.get()
                    .seen(volume.get().fsType(), volume.get().home())
                    .in(VolumeState.AVAILABLE, decision.now())));
        } else if (content instanceof Failure failure) {
            decision.record(
                    new StoreRecord.PutVolume(volume.get().failed(VolumeState.FAILED, failure.what(), decision.now())));
        } else {
            operations.failed("volume " + volume.get().name().key(), decision);
        }
    }

    private void removed(Task task, StatusUpdate update, Decision decision) {
        Optional<Volume> volume = task.target().flatMap(state::volume);
        if (volume.isEmpty() || volume.get().state() != VolumeState.DELETING) {
            return;
        }
        ExecutorReport content = update.content().orElse(null);
        if (content instanceof VolumeOperationDone) {
            decision.record(new StoreRecord.RemoveVolume(volume.get().name()));
            operations.inspectAll();
        } else if (content instanceof Failure failure) {
            decision.record(
                    new StoreRecord.PutVolume(volume.get().failed(VolumeState.FAILED, failure.what(), decision.now())));
        } else {
            operations.failed("volume " + volume.get().name().key(), decision);
        }
    }

    private void observed(Task task, StatusUpdate update, Decision decision) {
        Optional<VolumesObserved> report =
                update.content().filter(VolumesObserved.class::isInstance).map(VolumesObserved.class::cast);
        task.target().flatMap(state::volume).ifPresent(volume -> imported(volume, report, decision));
        report.ifPresent(seen -> observations.observed(task, seen, decision));
    }

    /** A volume that is to be there already is taken on record if the backend has it. */
    private void imported(Volume volume, Optional<VolumesObserved> report, Decision decision) {
        if (volume.state() != VolumeState.PROVISIONING) {
            return;
        }
        Existence existence = report.flatMap(seen -> seen.volumes().stream().findFirst())
                .map(VolumeObserved::existence)
                .orElse(Existence.UNKNOWN);
        switch (existence) {
            case EXISTS -> {
                decision.record(new StoreRecord.PutVolume(
                        volume.seen(volume.fsType(), volume.home()).in(VolumeState.AVAILABLE, decision.now())));
                decision.publish("volume_imported", Facts.of("volume", volume.name()));
            }
            case MISSING ->
                decision.record(new StoreRecord.PutVolume(volume.failed(
                        VolumeState.FAILED,
                        "the backend of " + volume.driver() + " has no volume " + volume.name() + " to import",
                        decision.now())));
            case UNKNOWN -> operations.failed("volume " + volume.name().key(), decision);
        }
    }

    private void fenced(Task task, StatusUpdate update, Decision decision) {
        boolean told = update.source() == StatusUpdate.Source.EXECUTOR
                && update.content().orElse(null) instanceof FenceReport;
        fences.ended(task, told ? update.content().map(FenceReport.class::cast) : Optional.empty(), decision);
    }

    private void cleaned(Task task, StatusUpdate update, Decision decision) {
        Optional<Machine> machine = state.machine(task.machine());
        if (update.content().orElse(null) instanceof ReleaseRecord record
                && machine.isPresent()
                && record.machine().equals(task.machine())
                && !record.unfenced().isEmpty()) {
            decision.record(new StoreRecord.PutMachine(machine.get().unfencedFrom(record.unfenced())));
            record.unfenced().forEach(volume -> fences.callOff(volume, task.machine(), decision));
            decision.publish(
                    "machine_cleaned", Facts.of("machine", task.machine()).and("volumes", record.unfenced()));
        }
        for (Claim claim : claims.claims(task)) {
            if (otherBoot(update, claim) && !claims.holderInContact(claim, task.agent(), decision)) {
                Evidence evidence = ClaimDecisions.evidence(
                        Evidence.Code.E4,
                        "clean-up " + task.id(),
                        "machine " + claim.machine() + " runs another boot than the one the claim was activated on",
                        decision);
                claims.on(claim, new ClaimEvent.Reboot(evidence), decision);
            } else {
                cleaned(claim, task, update, decision);
                rememberBoot(claim, update, decision);
            }
        }
        boolean left = claims.claims(task).stream()
                .anyMatch(claim -> state.claim(claim.id()).isPresent());
        boolean fencedStill = state.machine(task.machine())
                .filter(known -> !known.fenced().isEmpty())
                .isPresent();
        if (left || fencedStill) {
            operations.failed("clean " + task.machine(), decision);
        }
    }

    /**
     * A holder of another framework that is silent may be alive all the same, and its claim stays suspect until something is
     * proven.
     */
    private void cleaned(Claim claim, Task task, StatusUpdate update, Decision decision) {
        Optional<ReleasedVolume> released = UpdateDecisions.released(update.content(), claim);
        boolean proof = released.filter(ReleasedVolume::complete).isPresent();
        if (claim.foreign() && claim.state() == ClaimState.SUSPECT && !proof) {
            String lacking = released.flatMap(ReleasedVolume::remark)
                    .orElse("the clean-up ended without a record: " + UpdateDecisions.word(update));
            if (!claim.trouble().equals(Optional.of(lacking))) {
                decision.record(new StoreRecord.PutClaim(claim.troubled(lacking)));
            }
            return;
        }
        release(claim, Evidence.Code.E1B, "clean-up " + task.id(), update, decision);
    }

    /** If even the claim's boot is unknown, it was this one or an earlier one: the next one proves its end. */
    private void rememberBoot(Claim claim, StatusUpdate update, Decision decision) {
        Optional<Claim> left =
                state.claim(claim.id()).filter(still -> still.boot().isEmpty());
        if (left.isPresent()
                && update.content().orElse(null) instanceof ReleaseRecord record
                && record.machine().equals(claim.machine())) {
            decision.record(new StoreRecord.PutClaim(left.get().atLatestOn(record.boot())));
        }
    }

    /** Whether the clean-up ran on the claim's machine, on a later boot of it. */
    private static boolean otherBoot(StatusUpdate update, Claim claim) {
        return update.content().orElse(null) instanceof ReleaseRecord record
                && record.machine().equals(claim.machine())
                && claim.boot().isPresent()
                && !claim.boot().get().equals(record.boot());
    }
}
