package io.mooring.local.resource;

import java.util.List;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/** What an operation takes and what it makes of it. */
public record Conversion(Resources consumed, Resources converted) {
    /** The resources do not contain what an operation takes; the message is Mesos' own. */
    public static final class NotContainedException extends Exception {
        private static final long serialVersionUID = 1L;

        NotContainedException(Resources have, Resources wanted) {
            super(have + " does not contain " + wanted);
        }
    }

    /** What the operation does to resources; nothing for a launch. */
    public static List<Conversion> of(Offer.Operation operation) {
        return switch (operation.getType()) {
            case RESERVE -> List.of(reserve(operation.getReserve()));
            case UNRESERVE ->
                operation.getUnreserve().getResourcesList().stream()
                        .map(each -> new Conversion(one(each), one(popped(each))))
                        .toList();
            case CREATE ->
                operation.getCreate().getVolumesList().stream()
                        .map(each -> new Conversion(one(stripped(each)), one(each)))
                        .toList();
            case DESTROY ->
                operation.getDestroy().getVolumesList().stream()
                        .map(each -> new Conversion(one(each), one(stripped(each))))
                        .toList();
            case GROW_VOLUME -> List.of(grow(operation.getGrowVolume()));
            case SHRINK_VOLUME -> List.of(shrink(operation.getShrinkVolume()));
            case UNKNOWN, LAUNCH, LAUNCH_GROUP, CREATE_DISK, DESTROY_DISK -> List.of();
        };
    }

    /** The resources after all conversions, in order. */
    public static Resources apply(Resources before, List<Conversion> conversions) throws NotContainedException {
        Resources now = before;
        for (Conversion each : conversions) {
            if (!now.contains(each.consumed)) {
                throw new NotContainedException(now, each.consumed);
            }
            now = now.minus(each.consumed).plus(each.converted);
        }
        return now;
    }

    /** The same for resources that are allocated to nobody. */
    public Conversion unallocated() {
        return new Conversion(consumed.unallocated(), converted.unallocated());
    }

    private static Conversion reserve(Offer.Operation.Reserve reserve) {
        Resources wanted = Resources.of(reserve.getResourcesList());
        Resources source = reserve.getSourceCount() > 0
                ? Resources.of(reserve.getSourceList())
                : Resources.of(
                        wanted.inOrder().stream().map(Reservations::popped).toList());
        return new Conversion(source, wanted);
    }

    private static Conversion grow(Offer.Operation.GrowVolume grow) {
        Resource volume = grow.getVolume();
        double sum =
                volume.getScalar().getValue() + grow.getAddition().getScalar().getValue();
        return new Conversion(one(volume).plus(one(grow.getAddition())), one(sized(volume, sum)));
    }

    private static Conversion shrink(Offer.Operation.ShrinkVolume shrink) {
        Resource volume = shrink.getVolume();
        double less = shrink.getSubtract().getValue();
        double rest = volume.getScalar().getValue() - less;
        return new Conversion(one(volume), one(sized(volume, rest)).plus(one(sized(stripped(volume), less))));
    }

    private static Resources one(Resource resource) {
        return Resources.of(List.of(resource));
    }

    private static Resource popped(Resource resource) {
        return Reservations.popped(Reservations.upgraded(resource));
    }

    private static Resource sized(Resource resource, double size) {
        return resource.toBuilder()
                .setScalar(Value.Scalar.newBuilder().setValue(size))
                .build();
    }

    /** Without what makes a disk a volume. */
    private static Resource stripped(Resource volume) {
        Resource.Builder plain = volume.toBuilder().clearShared();
        if (volume.getDisk().hasSource()) {
            plain.getDiskBuilder().clearPersistence().clearVolume();
        } else {
            plain.clearDisk();
        }
        return plain.build();
    }
}
