package io.mooring.plugin.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.common.volume.VolumeName;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreateOptionsTest {
    private static final CreateDefaults DEFAULTS = new CreateDefaults(16, FsType.EXT4, "", 0, "");

    @Test
    void readsTheOptionsOfTheExampleApp() throws VolumeException {
        CreateOptions options = parse(
                Map.of("size", "5", "iops", "150", "volumetype", "io1", "newfstype", "xfs", "overwritefs", "true"));
        assertThat(options.sizeGb()).isEqualTo(5);
        assertThat(options.iops()).isEqualTo(150);
        assertThat(options.type()).isEqualTo("io1");
        assertThat(options.fsType()).isEqualTo(FsType.XFS);
    }

    @Test
    void readsKeysInAnyCaseAndTheirAliases() throws VolumeException {
        CreateOptions options =
                parse(Map.of("SIZE", "2", "IOPS", "1", "type", "gold", "fsType", "BTRFS", "AvailabilityZone", "z1"));
        assertThat(options)
                .extracting(CreateOptions::sizeGb, CreateOptions::type, CreateOptions::fsType, CreateOptions::zone)
                .containsExactly(2L, "gold", FsType.BTRFS, "z1");
    }

    @Test
    void takesDefaultsForWhatIsMissing() throws VolumeException {
        CreateOptions options = parse(Map.of());
        assertThat(options.sizeGb()).isEqualTo(16);
        assertThat(options.fsType()).isEqualTo(FsType.EXT4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "size | 10G | whole number of GB",
                "size | 0 | whole number of GB",
                "size | -1 | whole number of GB",
                "size | 99999999999999999999 | whole number of GB",
                "size | 2000000 | whole number of GB",
                "size | $(reboot) | whole number of GB",
                "iops | fast | whole number",
                "newfstype | ntfs | ext4, xfs, btrfs",
                "overwritefs | maybe | true or false",
                "volumetype | a;rm | letters, digits",
                "fail | boom | size, IOPS, volumeType",
            })
    void refusesWrongOptionAndSaysWhatWouldBeRight(String key, String value, String right) {
        assertThatThrownBy(() -> parse(Map.of(key, value)))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining(right);
    }

    @ParameterizedTest
    @CsvSource({"volumeName, volume db", "VOLUMEID, volume db", "snapshotName, snapshot db", "snapshotid, snapshot db"})
    void takesANameOrAnIdOfWhatIsCopied(String option, String source) throws VolumeException {
        CreateOptions options = CreateOptions.parse(Map.of(option, "db"), DEFAULTS);

        assertThat(options.source().map(Object::toString)).contains(source);
        assertThat(options.statesSize()).isFalse();
        assertThat(options.statesFsType()).isFalse();
    }

    @Test
    void refusesTheSameOptionUnderTwoNames() {
        assertThatThrownBy(() -> parse(Map.of("type", "a", "volumeType", "b"))).hasMessageContaining("twice");
    }

    @Test
    void comparesOnlyWhatWasGivenWithAnExistingVolume() throws VolumeException {
        VolumeRecord existing = VolumeRecord.of(new VolumeName("vol1"), parse(Map.of("size", "2")), Instant.EPOCH);
        assertThat(parse(Map.of()).differencesFrom(existing)).isEmpty();
        assertThat(parse(Map.of("size", "2", "overwritefs", "true")).differencesFrom(existing))
                .isEmpty();
        assertThat(parse(Map.of("size", "3", "newfstype", "xfs")).differencesFrom(existing))
                .containsExactly("its size is 2 GB, not 3 GB", "its file system is ext4, not xfs");
    }

    private static CreateOptions parse(Map<String, String> options) throws VolumeException {
        return CreateOptions.parse(options, DEFAULTS);
    }
}
