package io.mooring.local.legacy;

import java.util.List;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.AgentInfo.Capability;

/** What a 1.11 agent says it can; clients look for some of them. */
public final class AgentCapabilities {
    private AgentCapabilities() {}

    public static List<Capability> all() {
        return Stream.of(
                        Capability.Type.MULTI_ROLE,
                        Capability.Type.HIERARCHICAL_ROLE,
                        Capability.Type.RESERVATION_REFINEMENT,
                        Capability.Type.RESOURCE_PROVIDER,
                        Capability.Type.RESIZE_VOLUME,
                        Capability.Type.AGENT_OPERATION_FEEDBACK,
                        Capability.Type.AGENT_DRAINING,
                        Capability.Type.TASK_RESOURCE_LIMITS)
                .map(type -> Capability.newBuilder().setType(type).build())
                .toList();
    }
}
