package io.mooring.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.OfferId;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.placement.Offer.PortRange;
import io.mooring.scheduler.placement.Unavailability;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos;
import org.junit.jupiter.api.Test;

/** What placement sees of an offer, and what a launch gets back of it. */
class OfferBookTest {
    private final OfferBook book = new OfferBook();

    private static Protos.Offer.Builder offer(String id) {
        return Protos.Offer.newBuilder()
                .setId(Protos.OfferID.newBuilder().setValue(id))
                .setFrameworkId(Protos.FrameworkID.newBuilder().setValue("f"))
                .setAgentId(Protos.AgentID.newBuilder().setValue("a1"))
                .setHostname("a1.example")
                .addResources(ResourcePoolTest.scalar("cpus", 1.5))
                .addResources(ResourcePoolTest.scalar("cpus", 1, "prod"))
                .addResources(ResourcePoolTest.scalar("mem", 512))
                .addResources(ResourcePoolTest.scalar("volume_slots", 3))
                .addResources(ResourcePoolTest.ports(31000, 31009));
    }

    private static Protos.Attribute text(String name, String value) {
        return Protos.Attribute.newBuilder()
                .setName(name)
                .setType(Protos.Value.Type.TEXT)
                .setText(Protos.Value.Text.newBuilder().setValue(value))
                .build();
    }

    @Test
    void showsAmountsOfAllReservationsTogether() {
        Offer seen = book.put(offer("o1")
                .addAttributes(text("machine", "m1"))
                .addAttributes(text("zone", "z1"))
                .build());

        assertThat(seen.resources()).isEqualTo(new Resources(2.5, 512, 0));
        assertThat(seen.slots()).contains(3);
        assertThat(seen.ports()).containsExactly(new PortRange(31000, 31009));
        assertThat(seen.roles()).containsExactly("*", "prod");
        assertThat(seen.machine()).contains(new MachineKey("m1"));
        assertThat(seen.zone()).contains("z1");
    }

    @Test
    void tellsWhatIsReservedForWhomReservedFirstAndWhenTheAgentIsToBeDown() {
        Offer seen = book.put(offer("o1")
                .setAllocationInfo(Protos.Resource.AllocationInfo.newBuilder().setRole("prod"))
                .setUnavailability(Protos.Unavailability.newBuilder()
                        .setStart(Protos.TimeInfo.newBuilder().setNanoseconds(1_500_000_000L))
                        .setDuration(Protos.DurationInfo.newBuilder().setNanoseconds(60_000_000_000L)))
                .build());

        assertThat(seen.role()).isEqualTo("prod");
        assertThat(seen.shares())
                .containsExactly(
                        new Offer.Share("prod", new Resources(1, 0, 0)),
                        new Offer.Share("*", new Resources(1.5, 512, 0)));
        assertThat(seen.unavailability())
                .contains(new Unavailability(Instant.ofEpochMilli(1500), Optional.of(Duration.ofSeconds(60))));
    }

    @Test
    void prefersTheFaultDomainToTheAttribute() {
        Protos.DomainInfo domain = Protos.DomainInfo.newBuilder()
                .setFaultDomain(Protos.DomainInfo.FaultDomain.newBuilder()
                        .setRegion(Protos.DomainInfo.FaultDomain.RegionInfo.newBuilder()
                                .setName("r"))
                        .setZone(Protos.DomainInfo.FaultDomain.ZoneInfo.newBuilder()
                                .setName("z9")))
                .build();

        Offer seen = book.put(offer("o1")
                .setDomain(domain)
                .addAttributes(text("zone", "z1"))
                .addAttributes(text("region", "own"))
                .build());

        assertThat(seen.zone()).contains("z9");
        assertThat(seen.attributes()).containsEntry("@region", "r").containsEntry("region", "own");
    }

    @Test
    void writesAWholeNumberAsOne() {
        Protos.Attribute rack = Protos.Attribute.newBuilder()
                .setName("rack")
                .setType(Protos.Value.Type.SCALAR)
                .setScalar(Protos.Value.Scalar.newBuilder().setValue(7))
                .build();

        assertThat(book.put(offer("o1").addAttributes(rack).build()).attributes())
                .containsEntry("rack", "7");
    }

    @Test
    void givesAnOffersResourcesBackOnce() {
        book.put(offer("o1").build());
        book.put(offer("o2").build());

        assertThat(book.take(List.of(new OfferId("o1"), new OfferId("o2")))).hasSize(10);
        assertThat(book.take(List.of(new OfferId("o1")))).isEmpty();
    }

    @Test
    void forgetsWhatWasTakenBackAndEverythingWhenTheStreamEnds() {
        book.put(offer("o1").build());
        book.put(offer("o2").build());

        book.forget(new OfferId("o1"));
        assertThat(book.take(List.of(new OfferId("o1")))).isEmpty();
        book.clear();
        assertThat(book.take(List.of(new OfferId("o2")))).isEmpty();
    }
}
