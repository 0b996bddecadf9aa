package io.mooring.scheduler.effect;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.definition.AppId;
import java.time.Duration;

/** A point in time that somebody waits for; it comes back as an event. A timer of the same name replaces the earlier. */
public sealed interface Timer {
    /** The task has not activated its claims in time. */
    record LaunchTimeout(TaskId task) implements Timer {}

    /** The task was told to end and has not. */
    record KillAgain(TaskId task, int attempt) implements Timer {}

    /** The app may be launched again. */
    record BackoffOver(AppId app) implements Timer {}

    /** More has to be done for an app than one transaction takes: volumes that go with it, tasks that end; the next ones. */
    record RemovalGoesOn(AppId app) implements Timer {}

    /** Tasks that Mesos has not answered for are asked for again. */
    record ReconcileAgain() implements Timer {}

    /** A volume operation that failed may be tried again; {@code what} names it. */
    record OperationDue(String what) implements Timer {}

    /** Everything is reconciled anew. */
    record ReconcileAll() implements Timer {}

    /** The holder was out of contact long enough for the volume's policy to act. */
    record SuspectGrace(ClaimId claim) implements Timer {}

    /** Nobody took over what the claim's task left mounted. */
    record HandOverMissed(ClaimId claim) implements Timer {}

    /** Claims, tasks and attachments are compared again. */
    record CompareAll() implements Timer {}

    /** What is old enough to be forgotten is looked for. */
    record CollectGarbage() implements Timer {}

    /** The agent is to be down soon; what can move has to. */
    record LeaveAgent(AgentId agent) implements Timer {}

    /** A task of another framework may have been silent for too long. */
    record HeartbeatDue(ClaimId foreign) implements Timer {}

    /** The task was not ready when it was asked; it is asked again. */
    record AskReadiness(TaskId task) implements Timer {}

    /** A task of the app is out of reach for so long that something comes of it. */
    record OutOfReach(AppId app, TaskId task, Duration patience) implements Timer {}

    /** Offers are wanted again. */
    record WantOffers() implements Timer {}
}
