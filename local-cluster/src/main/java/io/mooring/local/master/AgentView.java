package io.mooring.local.master;

import io.mooring.local.legacy.AgentCapabilities;
import io.mooring.local.legacy.Version;
import org.apache.mesos.v1.Protos.Address;
import org.apache.mesos.v1.Protos.URL;
import org.apache.mesos.v1.master.Protos.Response;

/** An agent in the messages of the operator API. */
final class AgentView {
    private AgentView() {}

    static Response.GetAgents.Agent of(AgentEntry agent) {
        Response.GetAgents.Agent.Builder view = Response.GetAgents.Agent.newBuilder()
                .setAgentInfo(agent.info)
                .setActive(agent.isActive())
                .setDeactivated(agent.deactivated)
                .setVersion(Version.NUMBER)
                .setPid("slave(1)@127.0.0.1:" + agent.info.getPort())
                .setRegisteredTime(Times.of(agent.registered))
                .addAllTotalResources(ResourceForms.forOperators(agent.total.inOrder()))
                .addAllAllocatedResources(
                        ResourceForms.forOperators(agent.allocated().toList()))
                .addAllOfferedResources(
                        ResourceForms.forOperators(agent.offered().toList()))
                .addAllCapabilities(AgentCapabilities.all());
        agent.reregistered.ifPresent(time -> view.setReregisteredTime(Times.of(time)));
        agent.drain.ifPresent(view::setDrainInfo);
        agent.drainStarted.ifPresent(time -> view.setEstimatedDrainStartTime(Times.of(time)));
        return view.build();
    }

    /** Where the agent serves. */
    static URL url(AgentEntry agent) {
        return URL.newBuilder()
                .setScheme("http")
                .setAddress(Address.newBuilder()
                        .setHostname(agent.info.getHostname())
                        .setIp("127.0.0.1")
                        .setPort(agent.info.getPort()))
                .setPath("/slave(1)")
                .build();
    }
}
