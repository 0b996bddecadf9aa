package io.mooring.local.master;

import io.mooring.local.resource.Resources;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.OperationState;
import org.apache.mesos.v1.Protos.OperationStatus;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** ACCEPT and DECLINE: what was offered becomes tasks, the rest goes back with a filter. */
final class Launches {
    private final ClusterState state;
    private final Allocation allocation;
    private final Statuses statuses;

    Launches(ClusterState state, Allocation allocation, Statuses statuses) {
        this.state = state;
        this.allocation = allocation;
        this.statuses = statuses;
    }

    /** Unknown offers are skipped in silence, as the real master does. */
    void decline(FrameworkEntry framework, Call.Decline decline) {
        for (OfferID id : decline.getOfferIdsList()) {
            OfferEntry offer = state.offers.get(id.getValue());
            if (offer != null && offer.framework() == framework) {
                allocation.remove(offer);
                allocation.refuse(offer, offer.resources(), seconds(decline.getFilters()));
            }
        }
    }

    void accept(FrameworkEntry framework, Call.Accept accept) {
        Optional<String> invalid = invalidOffers(framework, accept.getOfferIdsList());
        List<OfferEntry> offers = known(framework, accept.getOfferIdsList());
        offers.forEach(allocation::remove);
        if (invalid.isPresent()) {
            drop(framework, accept, invalid.get());
            return;
        }
        OfferEntry first = offers.get(0);
        Resources rest = offers.stream().map(OfferEntry::resources).reduce(Resources.none(), Resources::plus);
        for (Offer.Operation operation : accept.getOperationsList()) {
            rest = operation.getType() == Offer.Operation.Type.LAUNCH
                    ? launch(framework, first, operation, rest)
                    : unsupported(framework, operation, rest);
        }
        allocation.refuse(first, rest, seconds(accept.getFilters()));
    }

    private static double seconds(Filters filters) {
        return filters.getRefuseSeconds();
    }

    private List<OfferEntry> known(FrameworkEntry framework, List<OfferID> ids) {
        List<OfferEntry> offers = new ArrayList<>();
        for (OfferID id : ids) {
            OfferEntry offer = state.offers.get(id.getValue());
            if (offer != null && offer.framework() == framework && !offers.contains(offer)) {
                offers.add(offer);
            }
        }
        return offers;
    }

    private Optional<String> invalidOffers(FrameworkEntry framework, List<OfferID> ids) {
        if (ids.isEmpty()) {
            return Optional.of("No offers specified");
        }
        Set<String> seen = new HashSet<>();
        for (OfferID id : ids) {
            if (!seen.add(id.getValue())) {
                return Optional.of("Duplicate offer " + id.getValue() + " in offer list");
            }
        }
        for (OfferID id : ids) {
            OfferEntry offer = state.offers.get(id.getValue());
            if (offer == null) {
                return Optional.of("Offer " + id.getValue() + " is no longer valid");
            }
            if (offer.framework() != framework) {
                return Optional.of("Offer " + id.getValue() + " has invalid framework " + offer.framework().id
                        + " while framework " + framework.id + " is expected");
            }
        }
        return severalAgents(ids);
    }

    private Optional<String> severalAgents(List<OfferID> ids) {
        AgentEntry first = state.offers.get(ids.get(0).getValue()).agent();
        for (OfferID id : ids) {
            AgentEntry agent = state.offers.get(id.getValue()).agent();
            if (agent != first) {
                return Optional.of("Aggregated offers must belong to one single agent. Offer " + id.getValue()
                        + " uses agent " + agent.id + " and agent " + first.id);
            }
        }
        return Optional.empty();
    }

    private void drop(FrameworkEntry framework, Call.Accept accept, String why) {
        for (Offer.Operation operation : accept.getOperationsList()) {
            List<TaskInfo> tasks = operation.getType() == Offer.Operation.Type.LAUNCH
                    ? operation.getLaunch().getTaskInfosList()
                    : operation.getLaunchGroup().getTaskGroup().getTasksList();
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
                operationError(
                        framework,
                        operation,
                        OperationState.OPERATION_DROPPED,
                        "Operation attempted with " + "invalid offers: " + why);
            }
        }
    }

    private Resources launch(FrameworkEntry framework, OfferEntry offer, Offer.Operation launch, Resources offered) {
        Resources rest = offered;
        for (TaskInfo given : launch.getLaunch().getTaskInfosList()) {
            TaskInfo task = completed(given, framework, offer.role());
            Optional<String> error = launch.hasId()
                    ? Optional.of("The `id` field cannot be set on LAUNCH operations")
                    : TaskValidation.error(task, framework, offer.agent(), rest);
            if (error.isPresent()) {
                error(framework, task, TaskStatus.Reason.REASON_TASK_INVALID, error.get());
            } else {
                rest = rest.minus(TaskValidation.needed(task, framework, offer.agent()));
                start(framework, offer.agent(), task);
            }
        }
        return rest;
    }

    /** What the real master fills in before it validates: the allocation and the executor's framework. */
    private static TaskInfo completed(TaskInfo given, FrameworkEntry framework, String role) {
        TaskInfo.Builder task =
                given.toBuilder().clearResources().addAllResources(allocated(given.getResourcesList(), role));
        if (given.hasExecutor()) {
            ExecutorInfo.Builder executor = task.getExecutorBuilder();
            if (!executor.hasFrameworkId()) {
                executor.setFrameworkId(framework.frameworkId());
            }
            executor.clearResources()
                    .addAllResources(allocated(given.getExecutor().getResourcesList(), role));
        }
        return task.build();
    }

    @SuppressWarnings("deprecation") // the old form has to be read
    private static List<Resource> allocated(List<Resource> resources, String role) {
        List<Resource> allocated = new ArrayList<>();
        for (Resource resource : resources) {
            Resource.Builder each = resource.toBuilder();
            if (each.getRole().equals("*")) {
                each.clearRole();
            }
            if (!each.hasAllocationInfo()) {
                each.setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role));
            }
            allocated.add(each.build());
        }
        return allocated;
    }

    private void start(FrameworkEntry framework, AgentEntry agent, TaskInfo task) {
        if (task.hasExecutor()) {
            agent.executors.putIfAbsent(TaskValidation.key(framework, task), task.getExecutor());
        }
        TaskEntry entry = new TaskEntry(staging(framework, task));
        framework.tasks.put(task.getTaskId().getValue(), entry);
        agent.tasks.put(new AgentEntry.Key(framework.id, task.getTaskId().getValue()), entry);
        agent.link.toAgent(port -> port.runTask(framework.info, task));
    }

    private static Task staging(FrameworkEntry framework, TaskInfo info) {
        Task.Builder task = Task.newBuilder()
                .setName(info.getName())
                .setTaskId(info.getTaskId())
                .setFrameworkId(framework.frameworkId())
                .setAgentId(info.getAgentId())
                .setState(TaskState.TASK_STAGING)
                .addAllResources(info.getResourcesList());
        if (info.hasExecutor()) {
            task.setExecutorId(info.getExecutor().getExecutorId());
        }
        if (info.hasLabels()) {
            task.setLabels(info.getLabels());
        }
        if (info.hasDiscovery()) {
            task.setDiscovery(info.getDiscovery());
        }
        if (info.hasKillPolicy()) {
            task.setKillPolicy(info.getKillPolicy());
        }
        return task.build();
    }

    private void error(FrameworkEntry framework, TaskInfo task, TaskStatus.Reason reason, String message) {
        framework.send(Statuses.update(
                statuses.made(task.getTaskId(), task.getAgentId(), TaskState.TASK_ERROR, reason, message)
                        .build()));
    }

    private Resources unsupported(FrameworkEntry framework, Offer.Operation operation, Resources rest) {
        String message = "The local cluster does not perform " + operation.getType() + ": use LAUNCH";
        for (TaskInfo task : operation.getLaunchGroup().getTaskGroup().getTasksList()) {
            error(framework, task, TaskStatus.Reason.REASON_TASK_GROUP_INVALID, message);
        }
        operationError(framework, operation, OperationState.OPERATION_ERROR, message);
        return rest;
    }

    /** Without an id nobody asked to be told, and the real master is silent too. */
    private static void operationError(
            FrameworkEntry framework, Offer.Operation operation, OperationState outcome, String message) {
        if (operation.hasId()) {
            framework.send(Event.newBuilder()
                    .setType(Event.Type.UPDATE_OPERATION_STATUS)
                    .setUpdateOperationStatus(Event.UpdateOperationStatus.newBuilder()
                            .setStatus(OperationStatus.newBuilder()
                                    .setOperationId(operation.getId())
                                    .setState(outcome)
                                    .setMessage(message)))
                    .build());
        }
    }
}
