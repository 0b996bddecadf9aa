package io.mooring.local.resource;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/**
 * A multiset of resources. Two resources are of one kind when all but their amounts are equal (name, role of the
 * allocation, reservations, disk): only those add up and cover each other. Scalars have three decimals, as in Mesos.
 */
public final class Resources {
    private static final Resources NONE = new Resources(new LinkedHashMap<>());

    /** Kind (a resource without its amount) to amount, in order of arrival; never an amount of zero. */
    private final Map<Resource, Amount> amounts;

    private Resources(Map<Resource, Amount> amounts) {
        this.amounts = amounts;
    }

    public static Resources none() {
        return NONE;
    }

    /** The sum of the list; amounts of zero vanish. */
    public static Resources of(Collection<Resource> resources) {
        Map<Resource, Amount> sum = new LinkedHashMap<>();
        for (Resource resource : resources) {
            add(sum, kind(resource), Amount.of(resource));
        }
        return new Resources(sum);
    }

    public Resources plus(Resources more) {
        if (amounts.isEmpty() || more.amounts.isEmpty()) {
            return amounts.isEmpty() ? more : this;
        }
        Map<Resource, Amount> sum = new LinkedHashMap<>(amounts);
        more.amounts.forEach((kind, amount) -> add(sum, kind, amount));
        return new Resources(sum);
    }

    /** What is left; never less than nothing. */
    public Resources minus(Resources less) {
        if (amounts.isEmpty() || less.amounts.isEmpty()) {
            return this;
        }
        Map<Resource, Amount> rest = new LinkedHashMap<>(amounts);
        less.amounts.forEach((kind, amount) -> rest.computeIfPresent(kind, (same, have) -> {
            Amount left = have.minus(amount);
            return left.isZero() ? null : left;
        }));
        return new Resources(rest);
    }

    private static void add(Map<Resource, Amount> sum, Resource kind, Amount amount) {
        Amount have = sum.get(kind);
        Amount now = have == null ? amount : have.plus(amount);
        if (!now.isZero()) {
            sum.put(kind, now);
        }
    }

    /** True if all of it can be taken out of this. */
    public boolean contains(Resources other) {
        return other.amounts.entrySet().stream().allMatch(entry -> {
            Amount have = amounts.get(entry.getKey());
            return have != null && have.contains(entry.getValue());
        });
    }

    public boolean isEmpty() {
        return amounts.isEmpty();
    }

    /** The sum of all scalars of that name, of whatever kind. */
    public double scalar(String name) {
        return scalars().getOrDefault(name, 0.0);
    }

    /** The sum of all scalars by name, of whatever kind, sorted by name. */
    public Map<String, Double> scalars() {
        Map<String, Double> sums = new TreeMap<>();
        amounts.forEach((kind, amount) -> {
            if (kind.getType() == Value.Type.SCALAR) {
                sums.merge(kind.getName(), amount.scalar(), Double::sum);
            }
        });
        return sums;
    }

    /** Those of the kinds that are wanted. */
    public Resources only(Predicate<Resource> wanted) {
        Map<Resource, Amount> some = new LinkedHashMap<>();
        amounts.forEach((kind, amount) -> {
            if (wanted.test(kind)) {
                some.put(kind, amount);
            }
        });
        return new Resources(some);
    }

    /** The same resources, allocated to the role. */
    public Resources allocatedTo(String role) {
        Resource.AllocationInfo allocation =
                Resource.AllocationInfo.newBuilder().setRole(role).build();
        return map(kind -> kind.setAllocationInfo(allocation));
    }

    /** The same resources, allocated to nobody. */
    public Resources unallocated() {
        return map(Resource.Builder::clearAllocationInfo);
    }

    /** The same amounts, without allocation, reservations and disks: what a quantity means in Mesos. */
    public Resources quantities() {
        return map(kind -> kind.clearAllocationInfo().clearReservations().clearDisk());
    }

    /** The messages, as the real master offers: what is no scalar first, then what is reserved. */
    public List<Resource> toList() {
        List<Resource> list = inOrder();
        list.sort((a, b) -> Integer.compare(rank(a), rank(b)));
        return list;
    }

    private static int rank(Resource resource) {
        if (resource.getType() != Value.Type.SCALAR) {
            return 0;
        }
        return resource.getReservationsCount() > 0 ? 1 : 2;
    }

    /** The messages in the order in which they were given. */
    public List<Resource> inOrder() {
        List<Resource> list = new ArrayList<>();
        amounts.forEach((kind, amount) -> list.add(amount.in(kind)));
        return list;
    }

    /** As Mesos writes resources in its messages, for example {@code cpus(allocated: r):4; mem(allocated: r):32}. */
    @Override
    public String toString() {
        return inOrder().stream().map(ResourceText::of).collect(Collectors.joining("; "));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Resources that && amounts.equals(that.amounts);
    }

    @Override
    public int hashCode() {
        return amounts.hashCode();
    }

    private Resources map(UnaryOperator<Resource.Builder> change) {
        Map<Resource, Amount> changed = new LinkedHashMap<>();
        amounts.forEach(
                (kind, amount) -> add(changed, change.apply(kind.toBuilder()).build(), amount));
        return new Resources(changed);
    }

    /** All but the amount, in the form of reservations that newer clients use. */
    private static Resource kind(Resource resource) {
        return Reservations.upgraded(
                resource.toBuilder().clearScalar().clearRanges().clearSet().build());
    }
}
