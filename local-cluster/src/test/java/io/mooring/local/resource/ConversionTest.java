package io.mooring.local.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Volume;
import org.junit.jupiter.api.Test;

class ConversionTest {
    private static final Resources FREE = Resources.of(FlagSyntax.resources("cpus:4;disk:100"));

    private static Resource reserved(String text) {
        return FlagSyntax.resources(text).get(0).toBuilder()
                .addReservations(Resource.ReservationInfo.newBuilder()
                        .setType(Resource.ReservationInfo.Type.DYNAMIC)
                        .setRole("r"))
                .build();
    }

    private static Resource volume(String text) {
        return reserved(text).toBuilder()
                .setDisk(Resource.DiskInfo.newBuilder()
                        .setPersistence(
                                Resource.DiskInfo.Persistence.newBuilder().setId("v"))
                        .setVolume(Volume.newBuilder().setContainerPath("data").setMode(Volume.Mode.RW)))
                .build();
    }

    private static Offer.Operation reserve(Resource resource) {
        Offer.Operation.Builder operation = Offer.Operation.newBuilder().setType(Offer.Operation.Type.RESERVE);
        operation.getReserveBuilder().addResources(resource);
        return operation.build();
    }

    private static Offer.Operation create(Resource volume) {
        Offer.Operation.Builder operation = Offer.Operation.newBuilder().setType(Offer.Operation.Type.CREATE);
        operation.getCreateBuilder().addVolumes(volume);
        return operation.build();
    }

    private static Offer.Operation destroy(Resource volume) {
        Offer.Operation.Builder operation = Offer.Operation.newBuilder().setType(Offer.Operation.Type.DESTROY);
        operation.getDestroyBuilder().addVolumes(volume);
        return operation.build();
    }

    private static Resources apply(Resources before, Offer.Operation operation)
            throws Conversion.NotContainedException {
        return Conversion.apply(before, Conversion.of(operation));
    }

    @Test
    void reservesPartOfWhatIsFree() throws Exception {
        Resources after = apply(FREE, reserve(reserved("cpus:1")));

        assertThat(after).hasToString("cpus:3; disk:100; cpus(reservations: [(DYNAMIC,r)]):1");
        assertThat(after.quantities()).isEqualTo(FREE);
    }

    @Test
    void makesAVolumeOfReservedDiskAndDiskOfADestroyedVolume() throws Exception {
        Resources reserved = apply(FREE, reserve(reserved("disk:64")));

        Resources created = apply(reserved, create(volume("disk:64")));

        assertThat(created).hasToString("cpus:4; disk:36; disk(reservations: [(DYNAMIC,r)])[v:data:rw]:64");
        assertThat(apply(created, destroy(volume("disk:64")))).isEqualTo(reserved);
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> apply(FREE, reserve(reserved("cpus:100"))))
                .hasMessage("cpus:4; disk:100 does not contain cpus:100");
    }

    @Test
    @SuppressWarnings("deprecation") // the old form has to be written
    void readsTheReservationsOfOlderClients() {
        Resource old = FlagSyntax.resources("cpus:1").get(0).toBuilder()
                .setRole("r")
                .setReservation(Resource.ReservationInfo.newBuilder().setPrincipal("p"))
                .build();

        Resource upgraded = Reservations.upgraded(old);

        assertThat(ResourceText.of(upgraded)).isEqualTo("cpus(reservations: [(DYNAMIC,r,p)]):1");
        assertThat(Reservations.downgraded(upgraded)).isEqualTo(old);
    }

    @Test
    void offersWhatIsReservedForARoleToThoseBelowItOnly() {
        Resource resource = reserved("cpus:1");

        assertThat(Reservations.allow(resource, "r")).isTrue();
        assertThat(Reservations.allow(resource, "r/child")).isTrue();
        assertThat(Reservations.allow(resource, "red")).isFalse();
        assertThat(Reservations.allow(FlagSyntax.resources("cpus:1").get(0), "red"))
                .isTrue();
        assertThat(Reservations.roles(Resources.of(List.of(resource)))).containsExactly("r");
    }
}
