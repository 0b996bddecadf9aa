package io.mooring.local.master;

import io.mooring.local.resource.Reservations;
import io.mooring.local.resource.ResourceText;
import io.mooring.local.resource.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;

/** Whether an operation may be tried, in Mesos' words and order. Without a framework an operator asks. */
final class OperationValidation {
    private final Optional<FrameworkEntry> framework;
    private final Optional<String> principal;
    private final AgentEntry agent;

    OperationValidation(Optional<FrameworkEntry> framework, Optional<String> principal, AgentEntry agent) {
        this.framework = framework;
        this.principal = principal;
        this.agent = agent;
    }

    Optional<String> error(Offer.Operation operation) {
        return switch (operation.getType()) {
            case RESERVE -> reserve(operation.getReserve());
            case UNRESERVE -> unreserve(operation.getUnreserve().getResourcesList());
            case CREATE -> create(operation.getCreate().getVolumesList());
            case DESTROY -> destroy(operation.getDestroy().getVolumesList());
            case GROW_VOLUME -> grow(operation.getGrowVolume());
            case SHRINK_VOLUME -> shrink(operation.getShrinkVolume());
            case UNKNOWN, LAUNCH, LAUNCH_GROUP, CREATE_DISK, DESTROY_DISK -> Optional.of("Unsupported operation");
        };
    }

    private static Optional<String> resources(List<Resource> resources) {
        return ResourceValidation.forms(resources)
                .or(() -> ResourceValidation.disks(resources).map(error -> "Invalid resources: " + error));
    }

    private Optional<String> reserve(Offer.Operation.Reserve reserve) {
        List<Resource> wanted = upgraded(reserve.getResourcesList());
        return resources(wanted)
                .or(() -> source(reserve, wanted))
                .or(() -> wanted.stream()
                        .map(this::reserved)
                        .flatMap(Optional::stream)
                        .findFirst())
                .or(() -> singleRole(wanted, "Invalid reservation resources: "));
    }

    private static Optional<String> source(Offer.Operation.Reserve reserve, List<Resource> wanted) {
        if (reserve.getSourceCount() == 0) {
            return Optional.empty();
        }
        List<Resource> source = upgraded(reserve.getSourceList());
        for (List<Resource> each : List.of(source, wanted)) {
            boolean mixed = each.stream().anyMatch(resource -> !resource.getReservationsList()
                    .equals(each.get(0).getReservationsList()));
            if (mixed) {
                return Optional.of((each == source ? "Invalid source: " : "Invalid resources: ")
                        + "Mixed reservations are not supported" + Resources.of(each));
            }
        }
        Resources from = Resources.of(source).quantities();
        Resources to = Resources.of(wanted).quantities();
        return from.equals(to)
                ? Optional.empty()
                : Optional.of("Source and target resources should refer to identical resource quantities: " + from
                        + " vs. " + to);
    }

    private Optional<String> reserved(Resource resource) {
        if (!Reservations.isDynamic(resource)) {
            return Optional.of("Resource " + ResourceText.of(resource) + " is not dynamically reserved");
        }
        return principal
                .flatMap(as -> principal(as, Reservations.last(resource)))
                .or(() -> framework.isPresent() ? role(framework.get(), resource) : unallocated(resource));
    }

    private static Optional<String> principal(String as, Resource.ReservationInfo reservation) {
        if (!reservation.hasPrincipal()) {
            return Optional.of("A reserve operation was attempted by principal '" + as
                    + "', but there is a reserved resource in the request with no principal set");
        }
        return as.equals(reservation.getPrincipal())
                ? Optional.empty()
                : Optional.of("A reserve operation was attempted by authenticated principal '" + as
                        + "', which does not match a reserved resource in the request with principal '"
                        + reservation.getPrincipal() + "'");
    }

    private static Optional<String> role(FrameworkEntry framework, Resource resource) {
        String allocated = resource.getAllocationInfo().getRole();
        String reserved = Reservations.role(resource);
        if (!allocated.equals(reserved)) {
            return Optional.of("A reserve operation was attempted for a resource with role '" + reserved
                    + "', but the resource was allocated to role '" + allocated + "'");
        }
        return framework.roles().contains(allocated)
                ? Optional.empty()
                : Optional.of("A reserve operation was attempted for a resource allocated to role '" + allocated
                        + "', but the framework only has roles '{ " + String.join(", ", framework.roles()) + " }'");
    }

    private static Optional<String> unallocated(Resource resource) {
        return resource.hasAllocationInfo()
                ? Optional.of("A reserve operation was attempted with an allocated resource, but the operator API only"
                        + " allows reservations to be made to unallocated resources")
                : Optional.empty();
    }

    private static Optional<String> unreserve(List<Resource> given) {
        List<Resource> all = upgraded(given);
        Optional<String> error = resources(all);
        for (Resource resource : all) {
            error = error.or(() -> {
                if (!Reservations.isDynamic(resource)) {
                    return Optional.of("Resource " + ResourceText.of(resource) + " is not dynamically reserved");
                }
                return Reservations.isPersistentVolume(resource)
                        ? Optional.of("A dynamically reserved persistent volume " + ResourceText.of(resource)
                                + " cannot be unreserved directly. Please destroy the persistent volume first then"
                                + " unreserve the resource")
                        : Optional.empty();
            });
        }
        return error;
    }

    private Optional<String> create(List<Resource> given) {
        List<Resource> volumes = upgraded(given);
        List<Resource> afterwards = new ArrayList<>(agent.total.inOrder());
        afterwards.addAll(volumes);
        return resources(volumes)
                .or(() ->
                        ResourceValidation.persistentVolumes(volumes).map(error -> "Not a persistent volume: " + error))
                .or(() -> ResourceValidation.uniquePersistence(afterwards))
                .or(() -> volumes.stream()
                        .map(this::createdBy)
                        .flatMap(Optional::stream)
                        .findFirst())
                .or(() -> singleRole(volumes, "Invalid volume resources: "));
    }

    private Optional<String> createdBy(Resource volume) {
        if (principal.isEmpty()) {
            return Optional.empty();
        }
        Resource.DiskInfo.Persistence persistence = volume.getDisk().getPersistence();
        if (!persistence.hasPrincipal()) {
            return Optional.of("Create volume operation attempted by principal '" + principal.get()
                    + "', but there is a volume in the operation with no principal set in 'disk.persistence'");
        }
        return principal.get().equals(persistence.getPrincipal())
                ? Optional.empty()
                : Optional.of("Create volume operation attempted by authenticated principal '" + principal.get()
                        + "', which does not match a volume in the operation with principal '"
                        + persistence.getPrincipal() + "' set in 'disk.persistence'");
    }

    private Optional<String> destroy(List<Resource> given) {
        List<Resource> volumes = upgraded(given);
        Resources wanted = Resources.of(volumes).unallocated();
        return resources(volumes)
                .or(() ->
                        ResourceValidation.persistentVolumes(volumes).map(error -> "Not a persistent volume: " + error))
                .or(() ->
                        agent.total.contains(wanted) ? Optional.empty() : Optional.of("Persistent volumes not found"));
    }

    private static Optional<String> grow(Offer.Operation.GrowVolume grow) {
        if (grow.getAddition().getScalar().getValue() <= 0) {
            return Optional.of("The size of 'GrowVolume.addition' field must be greater than zero");
        }
        return ResourceValidation.persistentVolumes(upgraded(List.of(grow.getVolume())))
                .map(error -> "Invalid persistent volume in the 'GrowVolume.volume' field: " + error);
    }

    private static Optional<String> shrink(Offer.Operation.ShrinkVolume shrink) {
        double less = shrink.getSubtract().getValue();
        if (less <= 0) {
            return Optional.of("Value of 'ShrinkVolume.subtract' must be greater than zero");
        }
        if (shrink.getVolume().getScalar().getValue() <= less) {
            return Optional.of("Value of 'ShrinkVolume.subtract' must be smaller than the size of volume");
        }
        return ResourceValidation.persistentVolumes(upgraded(List.of(shrink.getVolume())))
                .map(error -> "Invalid persistent volume in the 'ShrinkVolume.volume' field: " + error);
    }

    private Optional<String> singleRole(List<Resource> all, String prefix) {
        return framework.isPresent() ? ResourceValidation.oneRole(all).map(error -> prefix + error) : Optional.empty();
    }

    private static List<Resource> upgraded(List<Resource> all) {
        return all.stream().map(Reservations::upgraded).toList();
    }
}
