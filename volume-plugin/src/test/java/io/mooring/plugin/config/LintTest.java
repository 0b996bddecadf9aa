package io.mooring.plugin.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.plugin.config.Lint.Kind;
import io.mooring.plugin.config.Lint.Line;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LintTest {
    private static List<Line> lint(String text, Map<String, String> environment) throws ConfigException {
        return Lint.of(
                new Sources(ConfigFile.parse(text, "config.yml"), environment, Map.of()),
                Path.of("/run/docker/plugins"));
    }

    private static Line about(List<Line> lines, String key) {
        return lines.stream().filter(line -> line.key().equals(key)).findFirst().orElseThrow();
    }

    @Test
    void explainsEveryKey() throws ConfigException {
        List<Line> lines = lint("""
                rexray:
                  storageDrivers: [loop]
                  volume: {mount: {preempt: true}, unmount: {ignoreusedcount: true}}
                  modules: {gold: {desc: the fast one, libstorage.service: loop}}
                libstorage:
                  host: tcp://x:7979
                  integration:
                    volume:
                      mount: {preempt: true}
                      operations: {create: {default: {size: 3}}, remove: {disable: true}}
                loop: {pool: /srv/pool, host: a, bootId: b}
                scaleio: {endpoint: "https://gateway/api", password: hunter2}
                rexary: 1
                """, Map.of("LOOP_POOL", "/other"));

        assertThat(about(lines, "rexray.storageDrivers").kind()).isEqualTo(Kind.LEGACY);
        assertThat(about(lines, "rexray.volume.mount.preempt").remark()).contains("REX-Ray itself overlooks");
        assertThat(about(lines, "libstorage.host").kind()).isEqualTo(Kind.IGNORED);
        assertThat(about(lines, "libstorage.integration.volume.mount.preempt").remark())
                .contains("did you mean libstorage.integration.volume.operations.mount.preempt?");
        assertThat(about(lines, "libstorage.integration.volume.operations.create.default.size"))
                .extracting(Line::kind, Line::value)
                .containsExactly(Kind.EFFECTIVE, "3");
        assertThat(about(lines, "loop.pool").remark()).isEqualTo("LOOP_POOL (environment) says /other");
        assertThat(about(lines, "loop.host").remark()).isEqualTo("name of this host in the records of the pool");
        assertThat(about(lines, "rexray.modules.gold.desc").remark()).isEqualTo("a text for people");
        assertThat(about(lines, "scaleio.password").value()).isEqualTo("(not shown)");
        assertThat(about(lines, "scaleio.endpoint").remark()).startsWith("URL of the gateway's API");
        assertThat(about(lines, "rexary").kind().bad()).isTrue();
        assertThat(lines.stream().filter(line -> line.kind() == Kind.SERVED).map(Line::value))
                .containsExactly("unix:///run/docker/plugins/loop.sock", "unix:///run/docker/plugins/gold.sock");
        assertThat(lines.stream().filter(line -> line.kind() == Kind.WARNING).map(Line::key))
                .contains("mount.preempt", "unmount.ignoreusedcount", "remove.disable");
    }

    @Test
    void dropsNothingInSilence() throws ConfigException {
        List<Line> lines = lint("""
                rexray: {storageDrivers: [vfs, loop], modules: {empty: , word: docker}}
                libstorage.server.services.fast: loop
                scaleio: {useCerts: true, userID: me}
                """, Map.of("DOCKER_SIZE", "5"));

        for (String key : List.of("rexray.modules.empty", "rexray.modules.word", "libstorage.server.services.fast")) {
            assertThat(about(lines, key).kind()).as(key).isEqualTo(Kind.UNKNOWN);
            assertThat(about(lines, key).remark()).contains("settings of its own");
        }
        assertThat(about(lines, "rexray.storageDrivers").remark()).contains("only its first entry is served");
        assertThat(about(lines, "scaleio.useCerts").kind()).isEqualTo(Kind.IGNORED);
        assertThat(about(lines, "scaleio.userID").kind()).isEqualTo(Kind.IGNORED);
        assertThat(about(lines, "DOCKER_SIZE").kind()).isEqualTo(Kind.LEGACY);
    }

    @Test
    void saysWhatCannotBeUsedBesideTheKeysThatCan() throws ConfigException {
        List<Line> lines = lint("libstorage: {service: loop}\nloop: {overcommit: perhaps}", Map.of());

        assertThat(lines).extracting(Line::kind).contains(Kind.EFFECTIVE);
        assertThat(about(lines, "configuration").remark())
                .contains("loop.overcommit is 'perhaps', must be true or false");
        assertThat(about(lines, "configuration").kind().bad()).isTrue();
    }
}
