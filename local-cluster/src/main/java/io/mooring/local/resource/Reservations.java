package io.mooring.local.resource;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.mesos.v1.Protos.Resource;

/**
 * For whom a resource is set aside. A resource carries a stack of reservations, each for a role below the one before; the
 * last one counts. Older clients know only one, written as a role and, if it was made at run time, a {@code reservation}.
 */
public final class Reservations {
    private static final String NOBODY = "*";

    private Reservations() {}

    public static boolean isReserved(Resource resource) {
        return resource.getReservationsCount() > 0;
    }

    /** The role of the last reservation; "*" for what is not reserved. */
    public static String role(Resource resource) {
        return isReserved(resource) ? last(resource).getRole() : NOBODY;
    }

    /** The reservation that counts; only for what is reserved. */
    public static Resource.ReservationInfo last(Resource resource) {
        return resource.getReservations(resource.getReservationsCount() - 1);
    }

    public static boolean isDynamic(Resource resource) {
        return isReserved(resource) && last(resource).getType() == Resource.ReservationInfo.Type.DYNAMIC;
    }

    public static boolean isRefined(Resource resource) {
        return resource.getReservationsCount() > 1;
    }

    public static boolean isPersistentVolume(Resource resource) {
        return resource.getDisk().hasPersistence();
    }

    /** Whether the role may be offered it: it is free, or reserved for the role or for one above it. */
    public static boolean allow(Resource resource, String role) {
        String reserved = role(resource);
        return reserved.equals(NOBODY) || role.equals(reserved) || role.startsWith(reserved + "/");
    }

    /** Without the last reservation. */
    public static Resource popped(Resource resource) {
        return resource.toBuilder()
                .removeReservations(resource.getReservationsCount() - 1)
                .build();
    }

    /** The form with a stack of reservations, whichever form is given. */
    @SuppressWarnings("deprecation") // the old form has to be read
    public static Resource upgraded(Resource resource) {
        if (!resource.hasRole() && !resource.hasReservation()) {
            return resource;
        }
        Resource.Builder upgraded = resource.toBuilder().clearRole().clearReservation();
        boolean reserved = resource.hasRole() && !resource.getRole().equals(NOBODY);
        if (reserved && !isReserved(resource)) {
            Resource.ReservationInfo.Builder reservation =
                    resource.getReservation().toBuilder().setRole(resource.getRole());
            upgraded.addReservations(reservation.setType(
                    resource.hasReservation()
                            ? Resource.ReservationInfo.Type.DYNAMIC
                            : Resource.ReservationInfo.Type.STATIC));
        }
        return upgraded.build();
    }

    /** The form of older clients: one role, "*" for what is not reserved. */
    public static Resource downgraded(Resource resource) {
        return endpoint(resource).toBuilder().clearReservations().build();
    }

    /** The form of the operators' answers: both forms in one. */
    @SuppressWarnings("deprecation") // the old form has to be written
    public static Resource endpoint(Resource resource) {
        Resource.Builder both = resource.toBuilder().setRole(role(resource));
        if (resource.getReservationsCount() == 1 && isDynamic(resource)) {
            both.setReservation(last(resource).toBuilder().clearType().clearRole());
        }
        return both.build();
    }

    /** The roles for which something is reserved. */
    public static Set<String> roles(Resources resources) {
        return resources.inOrder().stream()
                .filter(Reservations::isReserved)
                .map(Reservations::role)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
