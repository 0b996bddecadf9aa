package io.mooring.local.resource;

import java.util.stream.Collectors;
import org.apache.mesos.v1.Protos.Labels;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Volume;

/** How Mesos writes one resource in its messages: {@code disk(allocated: r)(reservations: [(DYNAMIC,r)])[id:path:rw]:64}. */
public final class ResourceText {
    private ResourceText() {}

    public static String of(Resource resource) {
        StringBuilder text = new StringBuilder(resource.getName());
        if (resource.hasAllocationInfo()) {
            text.append("(allocated: ")
                    .append(resource.getAllocationInfo().getRole())
                    .append(')');
        }
        if (resource.getReservationsCount() > 0) {
            text.append(resource.getReservationsList().stream()
                    .map(ResourceText::reservation)
                    .collect(Collectors.joining(",", "(reservations: [", "])")));
        }
        if (resource.hasDisk()) {
            text.append('[').append(disk(resource.getDisk())).append(']');
        }
        if (resource.hasRevocable()) {
            text.append("{REV}");
        }
        if (resource.hasShared()) {
            text.append("<SHARED>");
        }
        return text.append(':').append(Amount.of(resource)).toString();
    }

    private static String reservation(Resource.ReservationInfo reservation) {
        return "(" + reservation.getType() + "," + reservation.getRole()
                + (reservation.hasPrincipal() ? "," + reservation.getPrincipal() : "")
                + (reservation.hasLabels() ? "," + labels(reservation.getLabels()) : "") + ")";
    }

    private static String labels(Labels labels) {
        return labels.getLabelsList().stream()
                .map(label -> label.hasValue() ? label.getKey() + ": " + label.getValue() : label.getKey())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String disk(Resource.DiskInfo disk) {
        StringBuilder text = new StringBuilder();
        if (disk.hasSource()) {
            text.append(disk.getSource().getType());
        }
        if (disk.hasPersistence()) {
            text.append(disk.hasSource() ? "," : "")
                    .append(disk.getPersistence().getId());
        }
        if (disk.hasVolume()) {
            Volume volume = disk.getVolume();
            text.append(':').append(volume.hasHostPath() ? volume.getHostPath() + ":" : "");
            text.append(volume.getContainerPath()).append(volume.getMode() == Volume.Mode.RW ? ":rw" : ":ro");
        }
        return text.toString();
    }
}
