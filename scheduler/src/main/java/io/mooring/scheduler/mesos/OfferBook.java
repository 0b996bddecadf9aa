package io.mooring.scheduler.mesos;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.OfferId;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.placement.Offer.PortRange;
import io.mooring.scheduler.placement.Unavailability;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos;

/**
 * Offers as Mesos made them, until they are used, refused or dead. Placement sees amounts; a launch has to name the very
 * resources of the offer, with their roles and reservations.
 */
final class OfferBook {
    private static final String SLOTS = "volume_slots";
    /** Then by reservation, so that the same offers are always used in the same way. */
    static final Comparator<Protos.Resource> RESERVED_FIRST = Comparator.comparing(
                    (Protos.Resource resource) -> resource.getReservationsCount() == 0)
            .thenComparing(resource -> resource.getReservationsList().toString());

    private final Map<OfferId, Protos.Offer> offers = new HashMap<>();

    synchronized Offer put(Protos.Offer offer) {
        OfferId id = new OfferId(offer.getId().getValue());
        offers.put(id, offer);
        return translate(id, offer);
    }

    /** Takes the offers out; one that is not there any more is left out. */
    synchronized List<Protos.Resource> take(List<OfferId> ids) {
        List<Protos.Resource> resources = new ArrayList<>();
        for (OfferId id : ids) {
            Protos.Offer offer = offers.remove(id);
            if (offer != null) {
                resources.addAll(offer.getResourcesList());
            }
        }
        return resources;
    }

    synchronized void forget(OfferId id) {
        offers.remove(id);
    }

    synchronized void clear() {
        offers.clear();
    }

    private static Offer translate(OfferId id, Protos.Offer offer) {
        Map<String, String> attributes = attributes(offer);
        return new Offer(
                id,
                new AgentId(offer.getAgentId().getValue()),
                offer.getAllocationInfo().hasRole() ? offer.getAllocationInfo().getRole() : Offer.UNRESERVED,
                offer.getHostname(),
                Optional.ofNullable(attributes.get("machine")).map(MachineKey::new),
                zone(offer, attributes),
                attributes,
                shares(offer),
                has(offer, SLOTS) ? Optional.of((int) scalar(offer, SLOTS)) : Optional.empty(),
                ports(offer),
                offer.hasUnavailability() ? Optional.of(unavailability(offer.getUnavailability())) : Optional.empty());
    }

    static Unavailability unavailability(Protos.Unavailability window) {
        return new Unavailability(
                Instant.EPOCH.plusNanos(window.getStart().getNanoseconds()),
                window.hasDuration()
                        ? Optional.of(Duration.ofNanos(window.getDuration().getNanoseconds()))
                        : Optional.empty());
    }

    private static Optional<String> zone(Protos.Offer offer, Map<String, String> attributes) {
        if (offer.hasDomain() && offer.getDomain().hasFaultDomain()) {
            return Optional.of(offer.getDomain().getFaultDomain().getZone().getName());
        }
        return Optional.ofNullable(attributes.get("zone"));
    }

    private static Map<String, String> attributes(Protos.Offer offer) {
        Map<String, String> attributes = new TreeMap<>();
        for (Protos.Attribute attribute : offer.getAttributesList()) {
            if (attribute.hasText()) {
                attributes.put(attribute.getName(), attribute.getText().getValue());
            } else if (attribute.hasScalar()) {
                double value = attribute.getScalar().getValue();
                attributes.put(
                        attribute.getName(),
                        value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value));
            }
        }
        if (offer.hasDomain() && offer.getDomain().hasFaultDomain()) {
            attributes.put(
                    Agent.REGION, offer.getDomain().getFaultDomain().getRegion().getName());
        }
        return attributes;
    }

    private static double scalar(Protos.Offer offer, String name) {
        return scalar(offer.getResourcesList(), name);
    }

    private static double scalar(List<Protos.Resource> resources, String name) {
        return resources.stream()
                .filter(resource -> resource.getName().equals(name) && plain(resource))
                .mapToDouble(resource -> resource.getScalar().getValue())
                .sum();
    }

    private static List<Offer.Share> shares(Protos.Offer offer) {
        Map<String, List<Protos.Resource>> byRole = new LinkedHashMap<>();
        offer.getResourcesList().stream().sorted(RESERVED_FIRST).forEach(resource -> byRole.computeIfAbsent(
                        role(resource), role -> new ArrayList<>())
                .add(resource));
        List<Offer.Share> shares = new ArrayList<>();
        byRole.forEach((role, resources) -> shares.add(new Offer.Share(
                role, new Resources(scalar(resources, "cpus"), scalar(resources, "mem"), scalar(resources, "disk")))));
        return shares;
    }

    /** Whom a resource is reserved for; a refined reservation counts as its innermost role's. */
    static String role(Protos.Resource resource) {
        return resource.getReservationsCount() == 0
                ? Offer.UNRESERVED
                : resource.getReservations(resource.getReservationsCount() - 1).getRole();
    }

    private static boolean has(Protos.Offer offer, String name) {
        return offer.getResourcesList().stream()
                .anyMatch(resource -> resource.getName().equals(name));
    }

    /** Disk that is a persistent volume or a device of its own, and what may be revoked, is not for sharing out. */
    static boolean plain(Protos.Resource resource) {
        return !resource.hasDisk() && !resource.hasRevocable();
    }

    private static List<PortRange> ports(Protos.Offer offer) {
        List<PortRange> ports = new ArrayList<>();
        for (Protos.Resource resource :
                offer.getResourcesList().stream().sorted(RESERVED_FIRST).toList()) {
            if (resource.getName().equals("ports")) {
                resource.getRanges()
                        .getRangeList()
                        .forEach(range ->
                                ports.add(new PortRange((int) range.getBegin(), (int) range.getEnd(), role(resource))));
            }
        }
        return ports;
    }
}
