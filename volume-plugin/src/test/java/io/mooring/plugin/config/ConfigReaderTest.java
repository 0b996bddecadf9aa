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
import java.util.List;
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
        assertThat(config.notes().get(1).text()).startsWith("older name of " + OPERATIONS + "mount.preempt;");
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
        PluginConfig config = modules(
                        "libstorage: {service: vfs}\n" + OPERATIONS + "create.default.size: 3",
                        Map.of(
                                "LIBSTORAGE_INTEGRATION_VOLUME_OPERATIONS_CREATE_DEFAULT_SIZE", "7",
                                "VFS_HOST", "agent-9"),
                        Map.of())
                .get(0)
                .plugin();
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
    void readsVariablesAndOptionsByAnOlderNameToo() throws ConfigException {
        String older = "libstorage.service: vfs\ndocker.size: 3";
        Map<String, String> variable = Map.of("DOCKER_SIZE", "5", "REXRAY_FSTYPE", "xfs");
        assertThat(sizeGb(older, variable, Map.of())).isEqualTo(5);
        assertThat(sizeGb(older, variable, Map.of("dockersize", "6"))).isEqualTo(6);
        assertThat(sizeGb(older + "\n" + OPERATIONS + "create.default.size: 4", variable, Map.of()))
                .as("today's name beats an older one")
                .isEqualTo(4);
        PluginConfig config = modules(older, variable, Map.of()).get(0).plugin();
        assertThat(config.catalog().defaults().fsType()).isEqualTo(FsType.XFS);
        assertThat(config.notes())
                .extracting(ConfigNote::key)
                .containsExactlyInAnyOrder("DOCKER_SIZE", "REXRAY_FSTYPE");
    }

    private static long sizeGb(String text, Map<String, String> environment, Map<String, String> flags)
            throws ConfigException {
        return modules(text, environment, flags)
                .get(0)
                .plugin()
                .catalog()
                .defaults()
                .sizeGb();
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
                "'a: \"x\\0y\"' | a has a NUL character",
            })
    void refusesFileThatIsNoConfiguration(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void letsAnOptionOverrideTheEnvironment() throws ConfigException {
        assertThat(modules(
                                "libstorage.service: vfs",
                                Map.of("LIBSTORAGE_INTEGRATION_VOLUME_OPERATIONS_CREATE_DEFAULT_SIZE", "7"),
                                Map.of("libstorageintegrationvolumeoperationscreatedefaultsize", "8"))
                        .get(0)
                        .plugin()
                        .catalog()
                        .defaults()
                        .sizeGb())
                .isEqualTo(8);
        assertThatThrownBy(() -> modules("libstorage.service: vfs", Map.of(), Map.of("libstorageservise", "loop")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--libstorageservise is no setting");
    }

    @Test
    void hasAModuleForEachEndpointThatIsAskedFor() throws ConfigException {
        List<ModuleConfig> modules = modules(
                """
                libstorage: {service: loop, server: {services: {fast: {driver: loop, loop: {pool: /srv/fast}}}}}
                loop: {pool: /srv/slow, host: agent-1}
                rexray:
                  modules:
                    Gold One: {libstorage: {service: fast}, desc: "the fast one"}
                    port: {type: docker, host: "tcp://127.0.0.1:7981", spec: /tmp/port.spec}
                    csi: {type: csi}
                    off: {disabled: true}
                """,
                Map.of("REXRAY_MODULES_PORT_LIBSTORAGE_INTEGRATION_VOLUME_OPERATIONS_REMOVE_DISABLE", "true"),
                Map.of());
        assertThat(modules)
                .extracting(
                        ModuleConfig::name,
                        ModuleConfig::service,
                        module -> module.endpoint().toString(),
                        module -> module.plugin().pool().toString())
                .containsExactly(
                        tuple("loop", "loop", "unix:///run/docker/plugins/loop.sock", "/srv/slow"),
                        tuple("gold one", "fast", "unix:///run/docker/plugins/gold-one.sock", "/srv/fast"),
                        tuple("port", "loop", "tcp://127.0.0.1:7981", "/srv/slow"));
        assertThat(modules)
                .extracting(module -> module.plugin().catalog().remove())
                .containsExactly(Switch.ON, Switch.ON, Switch.OFF);
        assertThat(modules.get(1).plugin().notes()).isEmpty();
    }

    @Test
    void changesOrLeavesOutTheModuleThatIsAlwaysThere() throws ConfigException {
        String one = "libstorage.service: vfs\nrexray.modules.default-docker.";
        assertThat(modules(one + "desc: x", Map.of(), Map.of()))
                .extracting(module -> module.endpoint().toString())
                .containsExactly("unix:///run/docker/plugins/rexray.sock");
        assertThatThrownBy(() -> modules(one + "disabled: true", Map.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("nothing to serve");
        assertThat(modules(one + "disabled: true\nrexray.modules.vb1.type: docker", Map.of(), Map.of()))
                .extracting(ModuleConfig::name)
                .containsExactly("vb1");
    }

    @Test
    void changesTheModuleThatIsAlwaysThereByAVariableAlone() throws ConfigException {
        assertThat(modules(
                        "libstorage.service: vfs",
                        Map.of("REXRAY_MODULES_DEFAULT-DOCKER_HOST", "unix:///run/docker/plugins/vb.sock"),
                        Map.of()))
                .extracting(module -> module.endpoint().toString())
                .containsExactly("unix:///run/docker/plugins/vb.sock");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "m.host: tcp://0.0.0.0:7981 | on this machine only",
                "m.host: tcp://127.0.0.1:0 | tcp://127.0.0.1:PORT",
                "m.host: unix://x.sock | unix:///PATH/NAME.sock",
                "m.type: flex | docker (csi and admin modules are not served here)",
                "m.host: unix:///run/docker/plugins/vfs.sock | the same endpoint as another one",
            })
    void refusesAModuleThatCannotBeServed(String line, String message) {
        assertThatThrownBy(() -> modules("libstorage.service: vfs\nrexray.modules." + line, Map.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    private static PluginConfig parse(String text) throws ConfigException {
        return modules(text, Map.of(), Map.of()).get(0).plugin();
    }

    private static List<ModuleConfig> modules(String text, Map<String, String> environment, Map<String, String> flags)
            throws ConfigException {
        Sources sources = new Sources(ConfigFile.parse(text, "config.yml"), environment, flags);
        return ConfigReader.read(sources, Path.of("/run/docker/plugins"));
    }
}
