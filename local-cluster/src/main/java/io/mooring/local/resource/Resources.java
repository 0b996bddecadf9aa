package io.mooring.local.resource;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/**
 * A multiset of resources. Two resources are of one kind when all but their amounts are equal (name, role of the
 * allocation, reservations, disk): only those add up and cover each other. Scalars have three decimals, as in Mesos.
 */
public final class Resources {
    private static final Resources NONE = new Resources(new LinkedHashMap<>());

    /** Kind (a resource without its amount) to amount, in order of arrival. */
    private final Map<Resource, Amount> amounts;

    private Resources(Map<Resource, Amount> amounts) {
        this.amounts = amounts;
    }

    public static Resources none() {
        return NONE;
    }

    /** The sum of the list; amounts of zero vanish. */
    public static Resources of(Collection<Resource> resources) {
        Resources sum = none();
        for (Resource resource : resources) {
            sum = sum.plus(resource);
        }
        return sum;
    }

    public Resources plus(Resources more) {
        Resources sum = this;
        for (Map.Entry<Resource, Amount> entry : more.amounts.entrySet()) {
            sum = sum.with(
                    entry.getKey(),
                    sum.amountOf(entry.getKey(), entry.getValue()).plus(entry.getValue()));
        }
        return sum;
    }

    private Resources plus(Resource resource) {
        Resource kind = kind(resource);
        Amount amount = Amount.of(resource);
        return with(kind, amountOf(kind, amount).plus(amount));
    }

    /** What is left; never less than nothing. */
    public Resources minus(Resources less) {
        Resources rest = this;
        for (Map.Entry<Resource, Amount> entry : less.amounts.entrySet()) {
            Amount have = rest.amounts.get(entry.getKey());
            if (have != null) {
                rest = rest.with(entry.getKey(), have.minus(entry.getValue()));
            }
        }
        return rest;
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
        return amounts.entrySet().stream()
                .filter(entry -> entry.getKey().getName().equals(name))
                .mapToDouble(entry -> entry.getValue().scalar())
                .sum();
    }

    /** The names of the scalars. */
    public List<String> scalarNames() {
        return amounts.keySet().stream()
                .filter(kind -> kind.getType() == Value.Type.SCALAR)
                .map(Resource::getName)
                .distinct()
                .collect(Collectors.toList());
    }

    /** The same resources, allocated to the role. */
    public Resources allocatedTo(String role) {
        return map(kind -> kind.setAllocationInfo(
                Resource.AllocationInfo.newBuilder().setRole(role).build()));
    }

    /** The same resources, allocated to the role where they name none. */
    public Resources allocatedToUnlessNamed(String role) {
        return map(kind -> kind.hasAllocationInfo()
                ? kind
                : kind.setAllocationInfo(
                        Resource.AllocationInfo.newBuilder().setRole(role).build()));
    }

    /** The same resources, allocated to nobody. */
    public Resources unallocated() {
        return map(Resource.Builder::clearAllocationInfo);
    }

    /** The messages, in the order in which the real master offers: what is no scalar first. */
    public List<Resource> toList() {
        List<Resource> list = new ArrayList<>();
        amounts.forEach((kind, amount) -> list.add(amount.in(kind)));
        list.sort((a, b) -> Boolean.compare(a.getType() == Value.Type.SCALAR, b.getType() == Value.Type.SCALAR));
        return list;
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
        return inOrder().stream().map(Resources::text).collect(Collectors.joining("; "));
    }

    /** One resource as Mesos writes it in its messages. */
    public static String text(Resource resource) {
        String allocation = resource.hasAllocationInfo()
                ? "(allocated: " + resource.getAllocationInfo().getRole() + ")"
                : "";
        return resource.getName() + allocation + ":" + Amount.of(resource);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Resources that && amounts.equals(that.amounts);
    }

    @Override
    public int hashCode() {
        return amounts.hashCode();
    }

    private Resources map(java.util.function.UnaryOperator<Resource.Builder> change) {
        Resources changed = none();
        for (Map.Entry<Resource, Amount> entry : amounts.entrySet()) {
            Resource kind = change.apply(entry.getKey().toBuilder()).build();
            changed =
                    changed.with(kind, changed.amountOf(kind, entry.getValue()).plus(entry.getValue()));
        }
        return changed;
    }

    private Amount amountOf(Resource kind, Amount like) {
        return amounts.getOrDefault(kind, like.zero());
    }

    private Resources with(Resource kind, Amount amount) {
        Map<Resource, Amount> changed = new LinkedHashMap<>(amounts);
        changed.put(kind, amount);
        Iterator<Amount> values = changed.values().iterator();
        while (values.hasNext()) {
            if (values.next().isZero()) {
                values.remove();
            }
        }
        return new Resources(changed);
    }

    /** All but the amount; the role "*" of the old format means the same as none. */
    private static Resource kind(Resource resource) {
        Resource.Builder kind = resource.toBuilder().clearScalar().clearRanges().clearSet();
        return clearStar(kind).build();
    }

    @SuppressWarnings("deprecation") // the old format has to be read
    private static Resource.Builder clearStar(Resource.Builder kind) {
        return kind.getRole().equals("*") ? kind.clearRole() : kind;
    }
}
