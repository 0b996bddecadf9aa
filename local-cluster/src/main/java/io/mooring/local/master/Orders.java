package io.mooring.local.master;

import io.mooring.local.loop.EventLoop;
import io.mooring.local.resource.Conversion;
import io.mooring.local.resource.Resources;
import io.mooring.local.wire.Answer;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.WeightInfo;
import org.apache.mesos.v1.maintenance.Protos.Schedule;

/** What operators may want of a master; each is done when it returns. */
public final class Orders {
    private final EventLoop loop;
    private final Parts parts;

    Orders(EventLoop loop, Parts parts) {
        this.loop = loop;
        this.parts = parts;
    }

    /** Gives false for an unknown agent. */
    public boolean deactivate(AgentID agent) {
        return loop.ask(() -> parts.draining.deactivate(agent));
    }

    /** Gives false for an agent that is unknown or not deactivated. */
    public boolean reactivate(AgentID agent) {
        return loop.ask(() -> parts.draining.reactivate(agent));
    }

    /** Gives false for an unknown agent. */
    public boolean drain(AgentID agent, DrainConfig config) {
        return loop.ask(() -> parts.draining.drain(agent, config));
    }

    /** Gives false for an agent that nobody ever knew. */
    public boolean markGone(AgentID agent) {
        return loop.ask(() -> parts.removals.gone(agent));
    }

    /** Gives false for an unknown framework. */
    public boolean teardown(FrameworkID framework) {
        return loop.ask(() -> {
            Optional<FrameworkEntry> found = parts.state.framework(framework);
            found.ifPresent(parts.subscriptions::remove);
            return found.isPresent();
        });
    }

    public Answer updateSchedule(Schedule schedule) {
        return loop.ask(() -> parts.maintenance.update(schedule));
    }

    public Answer startMaintenance(List<MachineID> machines) {
        return loop.ask(() -> parts.maintenance.start(machines));
    }

    public Answer stopMaintenance(List<MachineID> machines) {
        return loop.ask(() -> parts.maintenance.stop(machines));
    }

    public Answer updateWeights(List<WeightInfo> weights) {
        return loop.ask(() -> parts.weights.update(weights));
    }

    /** Offers that end now, as if their time had run out. @return how many there were */
    public int expireOffers(Optional<String> framework, Optional<String> agent, Optional<String> offer) {
        return loop.ask(() -> parts.allocation.expire(framework, agent, offer));
    }

    /** Reserves, makes volumes and so on, on behalf of an operator; offers that stand in the way are rescinded. */
    public Answer apply(AgentID agent, Offer.Operation operation, Optional<String> principal) {
        return loop.ask(() -> {
            Optional<AgentEntry> found = parts.state.agent(agent);
            return found.isEmpty()
                    ? Answer.text(400, "No agent found with specified ID")
                    : apply(found.get(), operation, principal);
        });
    }

    private Answer apply(AgentEntry agent, Offer.Operation operation, Optional<String> principal) {
        Optional<String> error = new OperationValidation(Optional.empty(), principal, agent).error(operation);
        if (error.isPresent()) {
            return Answer.text(
                    400,
                    "Invalid " + operation.getType() + " operation on agent " + agent.words() + ": " + error.get());
        }
        Resources wanted =
                Conversion.of(operation).stream().map(Conversion::consumed).reduce(Resources.none(), Resources::plus);
        for (OfferEntry offer : List.copyOf(agent.offers.values())) {
            if (agent.free().contains(wanted)) {
                break;
            }
            parts.allocation.rescind(offer);
            parts.allocation.refuse(offer, offer.resources(), RefuseSeconds.of(Filters.getDefaultInstance()));
        }
        try {
            Conversion.apply(agent.free(), Conversion.of(operation));
            parts.operations.begin(Optional.empty(), agent, operation);
            return Answer.accepted();
        } catch (Conversion.NotContainedException e) {
            return Answer.text(409, e.getMessage());
        }
    }
}
