package io.mooring.scheduler.mesos;

import java.util.ArrayList;
import java.util.List;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/**
 * What is left of the resources of one agent's offers while its launches are written down. Each part is taken as it was
 * offered, with its reservations and allocation; what is reserved goes first.
 */
final class ResourcePool {
    private static final double SMALLEST = 1e-6;

    private final List<Resource> left;

    ResourcePool(List<Resource> offered) {
        this.left = new ArrayList<>(offered);
        left.sort(OfferBook.RESERVED_FIRST);
    }

    /** Takes an amount of a scalar resource, of several reservations if need be. */
    List<Resource> take(String name, double amount) {
        return take(name, amount, List.of());
    }

    /** @param accepted the roles whose resources may be taken; empty for all */
    List<Resource> take(String name, double amount, List<String> accepted) {
        List<Resource> taken = new ArrayList<>();
        double open = amount;
        for (int i = 0; i < left.size() && open > SMALLEST; i++) {
            Resource resource = left.get(i);
            if (!resource.getName().equals(name)
                    || !OfferBook.plain(resource)
                    || !(accepted.isEmpty() || accepted.contains(OfferBook.role(resource)))) {
                continue;
            }
            double some = Math.min(open, resource.getScalar().getValue());
            if (some <= SMALLEST) {
                continue;
            }
            taken.add(with(resource, some));
            left.set(i, with(resource, resource.getScalar().getValue() - some));
            open -= some;
        }
        return taken;
    }

    /** Takes these ports. */
    List<Resource> takePorts(List<Integer> ports) {
        List<Resource> taken = new ArrayList<>();
        for (int port : ports) {
            for (Resource resource : left) {
                boolean has = resource.getName().equals("ports")
                        && resource.getRanges().getRangeList().stream()
                                .anyMatch(range -> range.getBegin() <= port && port <= range.getEnd());
                if (has) {
                    taken.add(resource.toBuilder()
                            .setRanges(Value.Ranges.newBuilder()
                                    .addRange(Value.Range.newBuilder()
                                            .setBegin(port)
                                            .setEnd(port)))
                            .build());
                    break;
                }
            }
        }
        return taken;
    }

    private static Resource with(Resource resource, double amount) {
        // Mesos counts in thousandths; what a double adds to that is noise.
        double rounded = Math.round(amount * 1000) / 1000.0;
        return resource.toBuilder()
                .setScalar(Value.Scalar.newBuilder().setValue(rounded))
                .build();
    }
}
