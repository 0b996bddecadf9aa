package io.mooring.local.master;

import io.mooring.local.resource.Conversion;
import io.mooring.local.resource.Resources;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.OperationState;
import org.apache.mesos.v1.Protos.OperationStatus;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** ACCEPT and DECLINE: what was offered becomes tasks and reservations, one after the other; the rest goes back. */
final class Acceptance {
    private final ClusterState state;
    private final Allocation allocation;
    private final Launches launches;
    private final Operations operations;
    private final Statuses statuses;

    Acceptance(ClusterState state, Allocation allocation, Launches launches, Operations operations, Statuses statuses) {
        this.state = state;
        this.allocation = allocation;
        this.launches = launches;
        this.operations = operations;
        this.statuses = statuses;
    }

    /** Unknown offers are skipped in silence, as the real master does. */
    void decline(FrameworkEntry framework, Call.Decline decline) {
        for (OfferID id : decline.getOfferIdsList()) {
            OfferEntry offer = state.offers.get(id.getValue());
            if (offer != null && offer.framework() == framework) {
                allocation.remove(offer);
                allocation.refuse(offer, offer.resources(), RefuseSeconds.of(decline.getFilters()));
            }
        }
    }

    void accept(FrameworkEntry framework, Call.Accept accept) {
        OfferIds ids = new OfferIds(state, framework, accept.getOfferIdsList());
        Optional<String> invalid = ids.error();
        List<OfferEntry> offers = ids.known();
        offers.forEach(allocation::remove);
        if (invalid.isPresent()) {
            drop(framework, accept, invalid.get());
            return;
        }
        OfferEntry first = offers.get(0);
        Resources rest = offers.stream().map(OfferEntry::resources).reduce(Resources.none(), Resources::plus);
        for (Offer.Operation given : accept.getOperationsList()) {
            Offer.Operation operation = Completion.of(given, framework, first.role());
            rest = switch (operation.getType()) {
                case LAUNCH -> launches.launch(framework, first, operation, rest);
                case LAUNCH_GROUP -> launches.launchGroup(framework, first, operation, rest);
                case RESERVE, UNRESERVE, CREATE, DESTROY, GROW_VOLUME, SHRINK_VOLUME ->
                    convert(framework, first.agent(), operation, rest);
                case UNKNOWN, CREATE_DISK, DESTROY_DISK -> refuse(framework, operation, notHere(operation), rest);
            };
        }
        allocation.refuse(first, rest, RefuseSeconds.of(accept.getFilters()));
    }

    private static String notHere(Offer.Operation operation) {
        return operation.getType() == Offer.Operation.Type.UNKNOWN
                ? "Unsupported operation"
                : "The local cluster has no resource providers, which " + operation.getType() + " needs";
    }

    private Resources convert(
            FrameworkEntry framework, AgentEntry agent, Offer.Operation operation, Resources offered) {
        Optional<String> principal =
                framework.info.hasPrincipal() ? Optional.of(framework.info.getPrincipal()) : Optional.empty();
        Optional<String> error = new OperationValidation(Optional.of(framework), principal, agent).error(operation);
        if (error.isPresent()) {
            return refuse(framework, operation, error.get() + "; on agent " + agent.words(), offered);
        }
        try {
            Resources rest = Conversion.apply(offered, Conversion.of(operation));
            operations.begin(Optional.of(framework), agent, operation);
            return rest;
        } catch (Conversion.NotContainedException e) {
            return refuse(framework, operation, e.getMessage(), offered);
        }
    }

    private static Resources refuse(
            FrameworkEntry framework, Offer.Operation operation, String message, Resources offered) {
        error(framework, operation, message);
        return offered;
    }

    /** Without an id nobody asked to be told, and the real master is silent too. */
    private static void error(FrameworkEntry framework, Offer.Operation operation, String message) {
        if (operation.hasId()) {
            Operations.send(
                    framework,
                    OperationStatus.newBuilder()
                            .setOperationId(operation.getId())
                            .setState(OperationState.OPERATION_ERROR)
                            .setMessage(message)
                            .build());
        }
    }

    private void drop(FrameworkEntry framework, Call.Accept accept, String why) {
        for (Offer.Operation operation : accept.getOperationsList()) {
            List<TaskInfo> tasks = Launches.tasks(operation);
            for (TaskInfo task : tasks) {
                framework.send(Statuses.update(statuses.made(
                                task.getTaskId(),
                                task.getAgentId(),
                                Statuses.orLost(framework, TaskState.TASK_DROPPED),
                                TaskStatus.Reason.REASON_INVALID_OFFERS,
                                "Task launched with invalid offers: " + why)
                        .build()));
            }
            if (tasks.isEmpty()) {
                error(framework, operation, "Operation attempted with invalid offers: " + why);
            }
        }
    }
}
