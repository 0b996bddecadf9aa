package io.mooring.local.master;

import io.mooring.local.resource.Resources;
import java.util.Map;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Resource;

/** How an offer is written for the framework that gets it. */
final class OfferMessages {
    private final ClusterState state;
    private final Machines machines;

    OfferMessages(ClusterState state, Machines machines) {
        this.state = state;
        this.machines = machines;
    }

    OfferEntry make(FrameworkEntry framework, String role, AgentEntry agent, Resources resources) {
        Resources allocated = Resources.of(resources.allocatedTo(role).toList());
        Offer.Builder offer = Offer.newBuilder()
                .setId(OfferID.newBuilder().setValue(state.newOfferId()))
                .setFrameworkId(framework.frameworkId())
                .setAgentId(agent.info.getId())
                .setHostname(agent.info.getHostname())
                .setUrl(AgentView.url(agent))
                .addAllResources(ResourceForms.forFramework(framework, allocated.toList()))
                .addAllAttributes(agent.info.getAttributesList());
        for (Map.Entry<AgentEntry.Key, ExecutorInfo> executor : agent.executors.entrySet()) {
            if (executor.getKey().framework().equals(framework.id)) {
                offer.addExecutorIds(executor.getValue().getExecutorId());
            }
        }
        if (framework.has(FrameworkInfo.Capability.Type.MULTI_ROLE)) {
            offer.setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role));
        }
        machines.unavailability(agent.machine()).ifPresent(offer::setUnavailability);
        return new OfferEntry(offer.build(), framework, agent, role, allocated);
    }
}
