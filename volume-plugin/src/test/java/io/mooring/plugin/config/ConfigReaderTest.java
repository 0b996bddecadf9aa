package io.mooring.plugin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mooring.plugin.config.ConfigNote.Kind;
import io.mooring.plugin.service.CatalogPolicy.Switch;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.Preempt;
import io.mooring.plugin.volume.UsedCount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
    private static final String OPERATIONS = "libstorage.integration.volume.operations.";

    @Test
    void readsTheFormOfToday() throws ConfigException {
        PluginConfig config = parse("""
                libstorage:
                  service: virtualbox
                  integration:
                    volume:
                      operations:
                        mount:
                          preempt: true
                        unmount:
                          ignoreusedcount: true
                        remove:
                          disable: true
                        create:
                          default:
                            size: 1
                virtualbox:
                  volumePath: $PATH/VirtualBox Volumes
                """);
        assertThat(config.driver()).isEqualTo("virtualbox");
        assertThat(config.mounting().preempt()).isEqualTo(Preempt.ON);
        assertThat(config.mounting().usedCount()).isEqualTo(UsedCount.IGNORED);
        assertThat(config.catalog().remove()).isEqualTo(Switch.OFF);
        assertThat(config.catalog().defaults().sizeGb()).isEqualTo(1);
        assertThat(config.notes()).isEmpty();
    }

    @Test
    void readsTheFormBeforeLibStorageAndSaysWhatItsKeysAreCalledNow() throws ConfigException {
        PluginConfig config = parse("""
                rexray:
                  storageDrivers:
                  - virtualbox
                  volume:
                    mount:
                      preempt: true
                    unmount:
                      ignoreusedcount: true
                virtualbox:
                  endpoint: http://yourlaptop:18083
                  volumePath: /Users/youruser/VirtualBox Volumes
                  controllerName: SATA
                """);
        assertThat(config.driver()).isEqualTo("virtualbox");
        assertThat(config.mounting().preempt()).isEqualTo(Preempt.ON);
        assertThat(config.mounting().usedCount()).isEqualTo(UsedCount.IGNORED);
        assertThat(config.notes()).extracting(ConfigNote::kind).containsExactly(Kind.LEGACY, Kind.LEGACY, Kind.LEGACY);
        assertThat(config.notes().get(1).text()).isEqualTo("older name of " + OPERATIONS + "mount.preempt");
    }

    @Test
    void hasTheDefaultsOfRexRay() throws ConfigException {
        PluginConfig config = parse("libstorage: {service: vfs}\nvfs: {host: agent-1, bootId: b1}");
        assertThat(config.mountPath()).isEqualTo(Path.of("/var/lib/rexray/volumes"));
        assertThat(config.volumeRoot().below(Path.of("/m"))).isEqualTo(Path.of("/m/data"));
        assertThat(config.volumeRoot().mode()).hasSize(3);
        assertThat(config.mounting().preempt()).isEqualTo(Preempt.OFF);
        assertThat(config.mounting().retryCount()).isZero();
        assertThat(config.mounting().retryWait()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.catalog().implicitCreate()).isEqualTo(Switch.ON);
        assertThat(config.catalog().defaults().sizeGb()).isEqualTo(16);
        assertThat(config.catalog().defaults().fsType()).isEqualTo(FsType.EXT4);
        assertThat(config.host().host().value()).isEqualTo("agent-1");
    }

    @Test
    void comparesKeysWithoutCase() throws ConfigException {
        PluginConfig config = parse("LibStorage: {SERVICE: vfs}\nVFS: {Pool: /srv/pool, OverCommit: TRUE}");
        assertThat(config.pool()).isEqualTo(Path.of("/srv/pool"));
        assertThat(config.catalog().overcommit()).isEqualTo(Switch.ON);
    }

    @Test
    void takesOctalModeAsItIsWritten() throws ConfigException {
        assertThat(parse("libstorage: {service: vfs}\nlinux: {volume: {fileMode: 0777}}")
                        .volumeRoot()
                        .mode())
                .hasSize(9);
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "/, ''", "/data, data", "data/, data", "/a/b, a/b"})
    void takesEmptyRootPathForTheVolumesOwnRoot(String written, String below) throws ConfigException {
        PluginConfig config = parse("libstorage.service: vfs\n" + OPERATIONS + "mount.rootPath: \"" + written + "\"");
        assertThat(config.volumeRoot().below(Path.of("/m")))
                .isEqualTo(Path.of("/m").resolve(below));
    }

    @Test
    void letsTheEnvironmentOverrideTheFile() throws ConfigException {
        PluginConfig config = ConfigReader.parse(
                "libstorage: {service: vfs}\n" + OPERATIONS + "create.default.size: 3",
                Map.of(
                        "LIBSTORAGE_INTEGRATION_VOLUME_OPERATIONS_CREATE_DEFAULT_SIZE", "7",
                        "VFS_HOST", "agent-9"));
        assertThat(config.catalog().defaults().sizeGb()).isEqualTo(7);
        assertThat(config.host().host().value()).isEqualTo("agent-9");
    }

    @Test
    void letsTodaysNameBeatAnOlderOne() throws ConfigException {
        PluginConfig config =
                parse("libstorage.service: vfs\ndocker.size: 3\n" + OPERATIONS + "create.default.size: 4");
        assertThat(config.catalog().defaults().sizeGb()).isEqualTo(4);
        assertThat(config.notes())
                .singleElement()
                .extracting(ConfigNote::text)
                .asString()
                .contains("which is given too");
    }

    @Test
    void remarksOnEveryKeyThatChangesNothing() throws ConfigException {
        PluginConfig config = parse("""
                libstorage:
                  service: loop
                  host: tcp://x:1
                  integration: {volume: {mount: {preempt: true}, operations: {path: {cache: {enabled: false}}}}}
                loop: {pol: /x}
                rexary: {a: 1}
                """);
        assertThat(config.mounting().preempt()).isEqualTo(Preempt.OFF);
        assertThat(config.notes())
                .extracting(ConfigNote::kind, ConfigNote::key)
                .containsExactlyInAnyOrder(
                        tuple(Kind.NO_EFFECT, "libstorage.host"),
                        tuple(Kind.UNKNOWN, "libstorage.integration.volume.mount.preempt"),
                        tuple(Kind.NO_EFFECT, OPERATIONS + "path.cache.enabled"),
                        tuple(Kind.UNKNOWN, "loop.pol"),
                        tuple(Kind.UNKNOWN, "rexary.a"));
        assertThat(config.notes().stream().map(ConfigNote::text)).anyMatch(text -> text.contains("did you mean"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mount.preempt: perhaps | mount.preempt is 'perhaps', must be true or false",
                "mount.retryWait: soon | must be a duration such as 500ms",
                "mount.path: here | must be an absolute path",
                "mount.rootPath: a/../../b | without . and ..",
                "create.default.size: 10G | must be a whole number",
                "create.default.size: 0 | must be a whole number",
                "create.default.fsType: ntfs | must be one of ext4, xfs, btrfs",
            })
    void refusesBadValueWithItsPlaceAndTheRightForm(String line, String message) {
        assertThatThrownBy(() -> parse("libstorage.service: vfs\n" + OPERATIONS + line))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("config.yml")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'libstorage: {}' | libstorage.service is missing",
                "'- a' | must be a mapping",
                "'a: [b' | is not YAML",
                "'libstorage: {service: vfs, SERVICE: loop}' | given twice",
                "'libstorage: {service: [{a: b}]}' | where text is expected",
                "'a: &x {b: *x}' | nested too deep",
                "'libstorage: {service: ../x}' | must be the name of a driver",
            })
    void refusesFileThatIsNoConfiguration(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    private static PluginConfig parse(String text) throws ConfigException {
        return ConfigReader.parse(text, Map.of());
    }
}
