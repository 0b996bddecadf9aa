package io.mooring.simulation.mesos;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.OfferId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.decision.StatusUpdate;
import io.mooring.scheduler.placement.Offer;
import java.util.List;

/** What a master says to a scheduler on its subscription. */
public interface SchedulerSide {
    void subscribed(FrameworkId framework);

    /** The framework was removed, and will never be taken again. */
    void removed();

    /** The stream ended; nothing more comes on it. */
    void disconnected();

    void offers(List<Offer> offers);

    void rescinded(OfferId offer);

    void update(StatusUpdate update);

    void message(TaskId from, AgentId agent, ExecutorReport report);

    void agentLost(AgentId agent);
}
