package io.mooring.scheduler.mesos;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.OfferId;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.placement.Offer.PortRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.mesos.v1.Protos;

/**
 * Offers as Mesos made them, until they are used, refused or dead. Placement sees amounts; a launch has to name the very
 * resources of the offer, with their roles and reservations.
 */
final class OfferBook {
    private static final String SLOTS = "volume_slots";

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
                offer.getHostname(),
                Optional.ofNullable(attributes.get("machine")).map(MachineKey::new),
                zone(offer, attributes),
                attributes,
                new Resources(scalar(offer, "cpus"), scalar(offer, "mem"), scalar(offer, "disk")),
                has(offer, SLOTS) ? Optional.of((int) scalar(offer, SLOTS)) : Optional.empty(),
                ports(offer),
                roles(offer));
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
        return attributes;
    }

    private static double scalar(Protos.Offer offer, String name) {
        return offer.getResourcesList().stream()
                .filter(resource -> resource.getName().equals(name) && plain(resource))
                .mapToDouble(resource -> resource.getScalar().getValue())
                .sum();
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
        for (Protos.Resource resource : offer.getResourcesList()) {
            if (resource.getName().equals("ports")) {
                resource.getRanges()
                        .getRangeList()
                        .forEach(range -> ports.add(new PortRange((int) range.getBegin(), (int) range.getEnd())));
            }
        }
        return ports;
    }

    private static List<String> roles(Protos.Offer offer) {
        TreeSet<String> roles = new TreeSet<>();
        for (Protos.Resource resource : offer.getResourcesList()) {
            roles.add(
                    resource.getReservationsCount() == 0
                            ? "*"
                            : resource.getReservations(resource.getReservationsCount() - 1)
                                    .getRole());
        }
        return List.copyOf(roles);
    }
}
