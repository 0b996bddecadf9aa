package io.mooring.local.master;

import java.util.ArrayList;
import java.util.List;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.master.Protos.Response;

/** The master's state in the messages of the operator API. Valid only while the master answers one question. */
public final class View {
    private final ClusterState state;

    View(ClusterState state) {
        this.state = state;
    }

    public MasterInfo masterInfo() {
        return state.masterInfo;
    }

    public Response.GetAgents agents() {
        Response.GetAgents.Builder all = Response.GetAgents.newBuilder();
        state.agents.values().forEach(agent -> all.addAgents(agent(agent)));
        return all.build();
    }

    private static Response.GetAgents.Agent agent(AgentEntry agent) {
        Response.GetAgents.Agent.Builder view = Response.GetAgents.Agent.newBuilder()
                .setAgentInfo(agent.info)
                .setActive(agent.isActive())
                .setDeactivated(agent.deactivated)
                .setVersion(Master.VERSION)
                .setPid("slave(1)@127.0.0.1:" + agent.info.getPort())
                .setRegisteredTime(Agents.time(agent.registered))
                .addAllTotalResources(old(agent.total.inOrder()))
                .addAllAllocatedResources(old(agent.allocated().toList()))
                .addAllOfferedResources(old(agent.offered().toList()))
                .addAllCapabilities(AgentCapabilities.all());
        agent.reregistered.ifPresent(time -> view.setReregisteredTime(Agents.time(time)));
        agent.drain.ifPresent(view::setDrainInfo);
        agent.drainStarted.ifPresent(time -> view.setEstimatedDrainStartTime(Agents.time(time)));
        return view.build();
    }

    private static List<Resource> old(List<Resource> resources) {
        return resources.stream().map(ResourceForms::old).toList();
    }

    public Response.GetFrameworks frameworks() {
        Response.GetFrameworks.Builder all = Response.GetFrameworks.newBuilder();
        state.frameworks.values().forEach(framework -> all.addFrameworks(framework(framework)));
        state.removedFrameworks.values().forEach(framework -> all.addCompletedFrameworks(framework(framework)));
        return all.build();
    }

    private Response.GetFrameworks.Framework framework(FrameworkEntry framework) {
        Response.GetFrameworks.Framework.Builder view = Response.GetFrameworks.Framework.newBuilder()
                .setFrameworkInfo(framework.info)
                .setActive(framework.connected())
                .setConnected(framework.connected())
                .setRecovered(false)
                .setOfferConstraints(framework.constraints)
                .setRegisteredTime(Agents.time(framework.registered))
                .setReregisteredTime(Agents.time(framework.reregistered));
        state.offers.values().stream()
                .filter(offer -> offer.framework() == framework)
                .forEach(offer -> view.addOffers(offer.offer())
                        .addAllOfferedResources(old(offer.resources().toList())));
        for (TaskEntry task : framework.tasks.values()) {
            if (!task.isOver()) {
                view.addAllAllocatedResources(old(task.resources().toList()));
            }
        }
        return view.build();
    }

    public Response.GetExecutors executors() {
        Response.GetExecutors.Builder all = Response.GetExecutors.newBuilder();
        for (AgentEntry agent : state.agents.values()) {
            for (ExecutorInfo executor : agent.executors.values()) {
                all.addExecutors(Response.GetExecutors.Executor.newBuilder()
                        .setExecutorInfo(executor)
                        .setAgentId(agent.info.getId()));
            }
        }
        return all.build();
    }

    public Response.GetTasks tasks() {
        Response.GetTasks.Builder all = Response.GetTasks.newBuilder();
        List<FrameworkEntry> everyone = new ArrayList<>(state.frameworks.values());
        everyone.addAll(state.removedFrameworks.values());
        for (FrameworkEntry framework : everyone) {
            framework.tasks.values().forEach(task -> all.addTasks(task.task()));
            framework.unreachable.values().forEach(task -> all.addUnreachableTasks(task.task()));
            for (Task task : framework.completedTasks()) {
                all.addCompletedTasks(task);
            }
        }
        return all.build();
    }

    public Response.GetState all() {
        return Response.GetState.newBuilder()
                .setGetTasks(tasks())
                .setGetExecutors(executors())
                .setGetFrameworks(frameworks())
                .setGetAgents(agents())
                .build();
    }
}
