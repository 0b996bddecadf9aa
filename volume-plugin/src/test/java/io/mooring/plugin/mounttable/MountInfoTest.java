package io.mooring.plugin.mounttable;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MountInfoTest {
    private static final String TABLE = """
            27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
            42 27 254:0 /srv/volumes /srv/volumes rw,relatime shared:7 - ext4 /dev/vda rw
            43 42 7:0 / /srv/volumes/one rw shared:8 master:3 propagate_from:2 - xfs /dev/loop0 rw,nouuid
            44 42 0:39 / /srv/volumes/two\\040words rw - btrfs /dev/loop2 rw,subvol=/
            45 42 7:5 / /srv/volumes/one rw - ext4 /dev/loop5 rw
            garbage
            46 1 0:1 /
            """;

    private final MountInfo table = MountInfo.parse(TABLE);

    @Test
    void readsFieldsOnBothSidesOfTheOptionalOnes() {
        assertThat(table.entries()).hasSize(5);
        assertThat(table.entries().get(2))
                .isEqualTo(new MountEntry("7:0", "/", "/srv/volumes/one", 8, "xfs", "/dev/loop0"));
    }

    @Test
    void tellsSharedMountsFromPrivateOnes() {
        assertThat(table.topmostAt(Path.of("/srv/volumes")).orElseThrow().shared())
                .isTrue();
        assertThat(table.topmostAt(Path.of("/")).orElseThrow().shared()).isFalse();
    }

    @Test
    void findsTheMountThatHidesTheOthers() {
        assertThat(table.topmostAt(Path.of("/srv/volumes/one")).orElseThrow().source())
                .isEqualTo("/dev/loop5");
        assertThat(table.topmostAt(Path.of("/srv"))).isEmpty();
    }

    @Test
    void findsBtrfsByItsNodeBecauseItsNumberIsAnonymous() {
        assertThat(table.ofDevice("/dev/loop2", "7:2"))
                .extracting(MountEntry::mountPoint)
                .containsExactly("/srv/volumes/two words");
        assertThat(table.ofDevice("/dev/loop9", "7:9")).isEmpty();
    }
}
