package io.mooring.scheduler.cluster;

import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.CutOff;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.AppVersion;
import io.mooring.scheduler.definition.Group;
import io.mooring.scheduler.task.ForeignTask;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.volume.Volume;
import java.time.Instant;

/** One change of what is durable. A decision is a list of these, committed together or not at all. */
public sealed interface StoreRecord {
    record PutFramework(FrameworkId id) implements StoreRecord {}

    record PutApp(App app) implements StoreRecord {}

    record RemoveApp(AppId id) implements StoreRecord {}

    /** An app as it was before a change is kept. It is not read again unless somebody asks for it. */
    record KeepVersion(AppVersion version) implements StoreRecord {}

    /** An earlier version of an app is not kept any more. */
    record ForgetVersion(AppId app, Instant version) implements StoreRecord {}

    /** A group that was asked for. */
    record PutGroup(Group group) implements StoreRecord {}

    record RemoveGroup(String path) implements StoreRecord {}

    record PutTask(Task task) implements StoreRecord {}

    record RemoveTask(TaskId id) implements StoreRecord {}

    /** What a task of another framework asked for. */
    record PutForeign(ForeignTask foreign) implements StoreRecord {}

    record RemoveForeign(ClaimId id) implements StoreRecord {}

    record PutVolume(Volume volume) implements StoreRecord {}

    record RemoveVolume(VolumeName name) implements StoreRecord {}

    record PutMachine(Machine machine) implements StoreRecord {}

    /** A new claim. The store refuses it if the volume has a writer's claim already (I1). */
    record GrantClaim(Claim claim) implements StoreRecord {}

    /** A claim in its next form. */
    record PutClaim(Claim claim) implements StoreRecord {}

    /** A claim ends and becomes history, in one. */
    record ReleaseClaim(ReleasedClaim released) implements StoreRecord {}

    /** A released claim is old enough to leave the history. */
    record ForgetClaim(ReleasedClaim released) implements StoreRecord {}

    /** No released claim of that hour is left. */
    record RemoveHistoryHour(Instant hour) implements StoreRecord {}

    /** Volumes that are made anew under a forgotten name begin above this fence. */
    record PutFenceFloor(long fence) implements StoreRecord {}

    record RemoveMachine(MachineKey key) implements StoreRecord {}

    /** An order to cut a machine off is given. */
    record PutCutOff(CutOff cutOff) implements StoreRecord {}

    /** It is done, or not needed any more. */
    record RemoveCutOff(String id) implements StoreRecord {}

    record PutHold(Hold hold) implements StoreRecord {}
}
