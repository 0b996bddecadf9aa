package io.mooring.local.master;

import io.mooring.local.resource.Reservations;
import java.util.List;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Resource;

/** Resources in the form a framework understands, by its capabilities. */
final class ResourceForms {
    private ResourceForms() {}

    static List<Resource> forFramework(FrameworkEntry framework, List<Resource> resources) {
        boolean refined = framework.has(FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT);
        return resources.stream()
                .map(resource -> refined ? resource : Reservations.downgraded(resource))
                .map(resource -> framework.multiRole()
                        ? resource
                        : resource.toBuilder().clearAllocationInfo().build())
                .toList();
    }

    /** As operators see them. */
    static List<Resource> forOperators(List<Resource> resources) {
        return resources.stream().map(Reservations::endpoint).toList();
    }
}
