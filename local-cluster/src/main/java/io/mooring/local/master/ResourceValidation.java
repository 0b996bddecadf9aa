package io.mooring.local.master;

import io.mooring.local.resource.Reservations;
import io.mooring.local.resource.ResourceText;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.Protos.Volume;

/** Whether resources that a client names make sense at all, in Mesos' words and order. */
final class ResourceValidation {
    private ResourceValidation() {}

    /** Kind, amount and roles; the real master looks at these before it looks at anything else. */
    static Optional<String> forms(Collection<Resource> resources) {
        for (Resource resource : resources) {
            Optional<String> error = amount(resource).or(() -> roles(resource));
            if (error.isPresent()) {
                return Optional.of("Resource '" + ResourceText.of(Reservations.upgraded(resource)) + "' is invalid: "
                        + error.get());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> amount(Resource resource) {
        if (resource.getName().isEmpty()) {
            return Optional.of("Empty resource name");
        }
        if (resource.getType() == Value.Type.SCALAR) {
            boolean negative = resource.getScalar().getValue() != 0
                    && Math.round(resource.getScalar().getValue() * 1000) <= 0;
            return negative ? Optional.of("Invalid scalar resource: value <= 0") : Optional.empty();
        }
        boolean inverted =
                resource.getRanges().getRangeList().stream().anyMatch(range -> range.getBegin() > range.getEnd());
        if (inverted) {
            return Optional.of("Invalid ranges resource: begin > end");
        }
        return resource.hasDisk() && !resource.getName().equals("disk")
                ? Optional.of("DiskInfo should not be set for " + resource.getName() + " resource")
                : Optional.empty();
    }

    private static Optional<String> roles(Resource resource) {
        return Reservations.upgraded(resource).getReservationsList().stream()
                .map(reservation -> reservation.getRole().equals("*")
                        ? Optional.of("Invalid reservation: role \"*\" cannot be reserved")
                        : Roles.error(reservation.getRole()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    static Optional<String> disks(Collection<Resource> resources) {
        for (Resource resource : resources) {
            Optional<String> error = resource.hasDisk() ? disk(Reservations.upgraded(resource)) : Optional.empty();
            if (error.isPresent()) {
                return error.map(text -> "Invalid DiskInfo: " + text);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> disk(Resource resource) {
        Resource.DiskInfo disk = resource.getDisk();
        if (!disk.hasPersistence()) {
            if (disk.hasVolume()) {
                return Optional.of("Non-persistent volume not supported");
            }
            return disk.hasSource() ? Optional.empty() : Optional.of("DiskInfo is set but empty");
        }
        if (resource.hasRevocable()) {
            return Optional.of("Persistent volumes cannot be created from revocable resources");
        }
        if (!Reservations.isReserved(resource)) {
            return Optional.of("Persistent volumes cannot be created from unreserved resources");
        }
        if (!disk.hasVolume()) {
            return Optional.of("Expecting 'volume' to be set for persistent volume");
        }
        if (disk.getVolume().hasHostPath()) {
            return Optional.of("Expecting 'host_path' to be unset for persistent volume");
        }
        return Identifiers.error(disk.getPersistence().getId())
                .map(error -> "Invalid persistence ID for persistent volume: " + error);
    }

    static Optional<String> persistentVolumes(List<Resource> volumes) {
        for (Resource volume : volumes) {
            if (!volume.hasDisk()) {
                return Optional.of("Resource " + ResourceText.of(volume) + " does not have DiskInfo");
            }
            if (!volume.getDisk().hasPersistence()) {
                return Optional.of("'persistence' is not set in DiskInfo");
            }
            if (!volume.getDisk().hasVolume()) {
                return Optional.of("Expecting 'volume' to be set for persistent volume");
            }
            if (volume.getDisk().getVolume().getMode() == Volume.Mode.RO) {
                return Optional.of("Read-only persistent volume not supported");
            }
        }
        return Optional.empty();
    }

    /** The id of a volume is its directory, so there is one of it for a role. */
    static Optional<String> uniquePersistence(Collection<Resource> resources) {
        Set<List<String>> seen = new HashSet<>();
        return resources.stream()
                .filter(Reservations::isPersistentVolume)
                .filter(volume -> !seen.add(List.of(
                        Reservations.role(volume),
                        volume.getDisk().getPersistence().getId())))
                .findFirst()
                .map(volume ->
                        "Persistence ID '" + volume.getDisk().getPersistence().getId() + "' is not unique");
    }

    static Optional<String> oneRole(Collection<Resource> resources) {
        String role = null;
        for (Resource resource : resources) {
            String next = resource.getAllocationInfo().getRole();
            if (next.isEmpty()) {
                return Optional.of("The resources are not allocated to a role");
            }
            if (role != null && !role.equals(next)) {
                return Optional.of("The resources have multiple allocation roles ('" + next + "' and '" + role
                        + "') but only one allocation role is allowed");
            }
            role = next;
        }
        return Optional.empty();
    }
}
