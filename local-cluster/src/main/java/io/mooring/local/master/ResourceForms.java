package io.mooring.local.master;

import java.util.List;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Resource;

/** Resources in the form a framework understands, by its capabilities. */
final class ResourceForms {
    private ResourceForms() {}

    static List<Resource> forFramework(FrameworkEntry framework, List<Resource> resources) {
        boolean refined = framework.has(FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT);
        return resources.stream()
                .map(resource -> refined ? resource : old(resource))
                .map(resource -> framework.multiRole()
                        ? resource
                        : resource.toBuilder().clearAllocationInfo().build())
                .toList();
    }

    /** The form before reservation refinement: one role, "*" when not reserved. */
    @SuppressWarnings("deprecation") // the old form has to be written
    static Resource old(Resource resource) {
        int reservations = resource.getReservationsCount();
        return resource.toBuilder()
                .clearReservations()
                .setRole(
                        reservations == 0
                                ? "*"
                                : resource.getReservations(reservations - 1).getRole())
                .build();
    }
}
