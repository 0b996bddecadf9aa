package io.mooring.executor.mounttable;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MountInfoTest {
    private static final String TEXT = """
            27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
            50 27 254:0 /srv/v /srv/v rw shared:7 - ext4 /dev/vda rw
            51 50 7:3 / /srv/v/my\\040data rw,relatime shared:8 master:2 propagate_from:3 - xfs /dev/loop3 rw
            52 50 0:44 / /srv/v/slave rw master:7 - tmpfs a\\134b rw

            a line that is none
            """;

    private final MountInfo mounts = MountInfo.parse(TEXT);

    @Test
    void readsNamesWithBlanksAndAnyNumberOfOptionalFields() {
        MountEntry entry = mounts.entries().get(2);
        assertThat(entry.point()).isEqualTo("/srv/v/my data");
        assertThat(entry.sharedGroup()).contains(8);
        assertThat(entry.fsType()).isEqualTo("xfs");
        assertThat(mounts.entries().get(3).source()).isEqualTo("a\\b");
        assertThat(mounts.entries().get(3).sharedGroup()).isEmpty();
        assertThat(mounts.entries()).hasSize(4);
    }

    @Test
    void findsTheMountThatAPathLiesOn() {
        assertThat(mounts.containing(Path.of("/srv/v/my data/deep/x"))
                        .orElseThrow()
                        .device())
                .isEqualTo("7:3");
        assertThat(mounts.containing(Path.of("/srv/vault")).orElseThrow().point())
                .isEqualTo("/");
        assertThat(mounts.containing(Path.of("/srv/v")).orElseThrow().root()).isEqualTo("/srv/v");
    }

    @Test
    void takesTheUppermostOfSeveralMountsAtOnePlace() {
        MountInfo stacked = MountInfo.parse("""
                1 0 8:1 / / rw - ext4 /dev/a rw
                2 1 8:2 / / rw - ext4 /dev/b rw
                """);
        assertThat(stacked.containing(Path.of("/x")).orElseThrow().source()).isEqualTo("/dev/b");
    }

    @Test
    void doesNotTakeAReusedDeviceNumberForTheSameFileSystem() {
        assertThat(mounts.shows("7:3", "/dev/loop3")).isTrue();
        assertThat(mounts.shows("0:44", "other")).isFalse();
    }
}
