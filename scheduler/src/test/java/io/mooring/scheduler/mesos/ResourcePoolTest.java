package io.mooring.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.mesos.v1.Protos;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;
import org.junit.jupiter.api.Test;

/** A launch names the very resources of its offers, with their roles and reservations. */
class ResourcePoolTest {
    static Resource scalar(String name, double amount, String... reservedFor) {
        Resource.Builder resource = Resource.newBuilder()
                .setName(name)
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(amount))
                .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("prod"));
        for (String role : reservedFor) {
            resource.addReservations(Resource.ReservationInfo.newBuilder()
                    .setType(Resource.ReservationInfo.Type.DYNAMIC)
                    .setRole(role));
        }
        return resource.build();
    }

    static Resource ports(long first, long last) {
        return Resource.newBuilder()
                .setName("ports")
                .setType(Value.Type.RANGES)
                .setRanges(Value.Ranges.newBuilder()
                        .addRange(Value.Range.newBuilder().setBegin(first).setEnd(last)))
                .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("prod"))
                .build();
    }

    @Test
    void keepsTheRoleThatAResourceWasAllocatedTo() {
        List<Resource> taken = new ResourcePool(List.of(scalar("cpus", 4))).take("cpus", 0.5);

        assertThat(taken).singleElement().satisfies(resource -> {
            assertThat(resource.getScalar().getValue()).isEqualTo(0.5);
            assertThat(resource.getAllocationInfo().getRole()).isEqualTo("prod");
        });
    }

    @Test
    void takesOnlyWhatIsReservedForTheRolesThatMayBeUsed() {
        ResourcePool pool = new ResourcePool(List.of(scalar("cpus", 1), scalar("cpus", 2, "prod")));

        assertThat(pool.take("cpus", 3, List.of("*"))).singleElement().satisfies(resource -> assertThat(
                        resource.getReservationsCount())
                .isZero());
        assertThat(pool.take("cpus", 3, List.of("prod"))).singleElement().satisfies(resource -> assertThat(
                        resource.getScalar().getValue())
                .isEqualTo(2));
    }

    @Test
    void takesFromSeveralReservationsWhenOneIsNotEnough() {
        ResourcePool pool = new ResourcePool(List.of(scalar("cpus", 1), scalar("mem", 9), scalar("cpus", 2, "prod")));

        List<Resource> first = pool.take("cpus", 2.5);
        List<Resource> second = pool.take("cpus", 0.5);

        assertThat(first)
                .extracting(resource -> resource.getScalar().getValue())
                .as("what is reserved first")
                .containsExactly(2.0, 0.5);
        assertThat(first.get(0).getReservations(0).getRole()).isEqualTo("prod");
        assertThat(first.get(1).getReservationsCount()).isZero();
        assertThat(second).singleElement().satisfies(resource -> assertThat(resource.getReservationsCount())
                .isZero());
        assertThat(pool.take("cpus", 1)).isEmpty();
    }

    @Test
    void countsInThousandths() {
        ResourcePool pool = new ResourcePool(List.of(scalar("cpus", 0.3)));

        assertThat(pool.take("cpus", 0.1).get(0).getScalar().getValue()).isEqualTo(0.1);
        assertThat(pool.take("cpus", 0.1).get(0).getScalar().getValue()).isEqualTo(0.1);
        assertThat(pool.take("cpus", 0.1).get(0).getScalar().getValue()).isEqualTo(0.1);
        assertThat(pool.take("cpus", 0.1)).isEmpty();
    }

    @Test
    void takesNothingWhenNothingIsWanted() {
        assertThat(new ResourcePool(List.of(scalar("disk", 4))).take("disk", 0)).isEmpty();
    }

    @Test
    void leavesVolumesAndRevocableResourcesAlone() {
        Resource revocable = scalar("cpus", 8).toBuilder()
                .setRevocable(Resource.RevocableInfo.getDefaultInstance())
                .build();
        Resource persistent = scalar("disk", 8).toBuilder()
                .setDisk(Resource.DiskInfo.newBuilder()
                        .setPersistence(
                                Resource.DiskInfo.Persistence.newBuilder().setId("p")))
                .build();
        ResourcePool pool = new ResourcePool(List.of(revocable, persistent));

        assertThat(pool.take("cpus", 1)).isEmpty();
        assertThat(pool.take("disk", 1)).isEmpty();
    }

    @Test
    void takesTheVeryPorts() {
        List<Resource> taken =
                new ResourcePool(List.of(ports(31000, 31009), ports(32000, 32009))).takePorts(List.of(31005, 32001));

        assertThat(taken)
                .extracting(resource -> resource.getRanges().getRange(0))
                .containsExactly(range(31005), range(32001));
        assertThat(taken)
                .allSatisfy(resource ->
                        assertThat(resource.getAllocationInfo().getRole()).isEqualTo("prod"));
    }

    private static Protos.Value.Range range(long port) {
        return Protos.Value.Range.newBuilder().setBegin(port).setEnd(port).build();
    }
}
