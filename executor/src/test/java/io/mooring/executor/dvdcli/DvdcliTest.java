package io.mooring.executor.dvdcli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.executor.plugin.PluginDirectories;
import io.mooring.executor.plugin.Plugins;
import io.mooring.executor.plugin.Plugins.Patience;
import io.mooring.executor.testkit.StubPlugin;
import io.mooring.executor.testkit.StubPlugin.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DvdcliTest {
    private static final Answer THERE = Answer.ok("{\"Volume\": {\"Name\": \"data\"}}");
    private static final Answer MISSING = new Answer(500, "{\"Err\": \"resource not found\"}");

    @TempDir
    private Path directory;

    private final Map<String, Answer> answers = new ConcurrentHashMap<>(Map.of(
            "VolumeDriver.Get", THERE,
            "VolumeDriver.Create", Answer.ok("{}"),
            "VolumeDriver.Mount", Answer.ok("{\"Mountpoint\": \"/var/lib/rexray/volumes/data/data\"}"),
            "VolumeDriver.Unmount", Answer.ok("{}"),
            "VolumeDriver.Remove", Answer.ok("{}"),
            "VolumeDriver.Path", Answer.ok("{\"Mountpoint\": \"/m\"}"),
            "VolumeDriver.List", Answer.ok("{\"Volumes\": [{\"Name\": \"a\"}, {\"Name\": \"b\"}]}")));
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private StubPlugin stub;
    private Plugins plugins;

    @BeforeEach
    void prepare() throws IOException {
        stub = new StubPlugin(directory.resolve("stub.sock"), (method, request) -> answers.get(method));
        plugins = new Plugins(new PluginDirectories(List.of(directory), List.of()), Patience.NONE);
    }

    @AfterEach
    void close() throws IOException {
        plugins.close();
        stub.close();
    }

    private int run(String line) {
        out.reset();
        log.reset();
        Dvdcli dvdcli = new Dvdcli(
                plugins,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(log, true, StandardCharsets.UTF_8),
                InstantSource.fixed(Instant.EPOCH));
        return dvdcli.run(List.of(line.split(" ")));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    private List<String> methods() {
        return stub.calls().stream().map(call -> call.split(" ")[0]).toList();
    }

    @Test
    void mountsAndPrintsWhere() {
        assertThat(run("mount --volumedriver=stub --volumename=data")).isZero();
        assertThat(out()).isEqualTo("/var/lib/rexray/volumes/data/data\n");
        assertThat(log())
                .isEqualTo("time=\"1970-01-01T00:00:00Z\" level=info msg=\"/var/lib/rexray/volumes/data/data\""
                        + " volumeName=\"data\"\n");
        assertThat(methods()).containsExactly("VolumeDriver.Get", "VolumeDriver.Mount");
    }

    @Test
    void makesAVolumeThatIsNotThereWithTheOptions() {
        answers.put("VolumeDriver.Get", MISSING);
        assertThat(run("mount --volumedriver=stub --volumename=data --volumeopts=size=5,newfstype=xfs"))
                .isZero();
        assertThat(methods()).containsExactly("VolumeDriver.Get", "VolumeDriver.Create", "VolumeDriver.Mount");
        assertThat(stub.calls().get(1)).contains("\"size\":\"5\"", "\"newfstype\":\"xfs\"");
        assertThat(run("mount --volumedriver=stub --volumename=data --explicitcreate"))
                .isEqualTo(1);
        assertThat(log()).contains("level=error", "resource not found");
    }

    /** One from before 0.4 formats a volume that is there, a later one makes an empty volume in place of a copy. */
    @Test
    void sendsRexRayNoOptionThatWouldDoHarm() {
        answers.put("Mooring.Capabilities", new Answer(404, "no such call"));
        answers.put("VolumeDriver.Get", new Answer(500, "text/plain", "{\"Error\":\"No volumes returned\"}"));
        assertThat(run("create --volumedriver=stub --volumename=data --volumeopts=size=5,overwriteFs=true"))
                .isZero();
        assertThat(stub.calls().get(stub.calls().size() - 1))
                .contains("VolumeDriver.Create", "\"size\":\"5\"")
                .doesNotContain("overwrite");
    }

    @Test
    void refusesACopyThatRexRayWouldNotMake() {
        answers.put("Mooring.Capabilities", new Answer(404, "no such call"));
        answers.put("VolumeDriver.Get", new Answer(500, "{\"Err\":\"docker-legacy: Get: x: resource not found\"}"));
        assertThat(run("create --volumedriver=stub --volumename=data --volumeopts=volumeName=other"))
                .isEqualTo(1);
        assertThat(log()).contains("would be empty");
        assertThat(methods()).doesNotContain("VolumeDriver.Create");
    }

    @Test
    void makesNothingWhenNobodyKnowsWhetherTheVolumeIsThere() {
        answers.put("VolumeDriver.Get", new Answer(500, "{\"Err\": \"request timed out\"}"));
        assertThat(run("mount --volumedriver=stub --volumename=data")).isEqualTo(1);
        assertThat(methods()).containsExactly("VolumeDriver.Get");
        assertThat(out()).isEmpty();
    }

    @Test
    void doesTheOtherCommands() {
        assertThat(run("list --volumedriver=stub")).isZero();
        assertThat(out()).isEqualTo("a\nb\n");
        assertThat(run("get --volumedriver=stub --volumename=data")).isZero();
        assertThat(out()).isEqualTo("data\n");
        assertThat(run("path --volumedriver=stub --volumename=data")).isZero();
        assertThat(out()).isEqualTo("/m\n");
        for (String command : List.of("unmount", "remove", "create")) {
            assertThat(run(command + " --volumedriver=stub --volumename=data")).isZero();
            assertThat(out()).isEmpty();
        }
        assertThat(run("version")).isZero();
        assertThat(out().lines().map(line -> line.substring(0, line.indexOf(':'))))
                .containsExactly("Binary", "SemVer", "OsArch", "Branch", "Commit", "Formed");
        answers.put("VolumeDriver.Path", new Answer(500, "broken"));
        assertThat(run("path --volumedriver=stub --volumename=data")).isZero();
        assertThat(out()).isEmpty();
    }

    @Test
    void failsWhereThereIsNoVolumeNoPluginOrNoSense() {
        answers.put("VolumeDriver.Get", MISSING);
        for (String command : List.of("unmount", "remove", "path", "get")) {
            assertThat(run(command + " --volumedriver=stub --volumename=data")).isEqualTo(1);
        }
        assertThat(run("list --volumedriver=none")).isEqualTo(1);
        assertThat(log()).contains("there is no volume plugin 'none'");
        assertThat(run("list")).isEqualTo(1);
        assertThat(log()).contains("Missing volume driver name");
        assertThat(run("mount --volumedriver=stub")).isEqualTo(1);
        assertThat(run("mount --volumeopts=foo")).isEqualTo(1);
        assertThat(log()).contains("must be KEY=VALUE", "Usage: dvdcli");
        assertThat(stub.calls()).noneMatch(call -> call.contains("Mount"));
    }
}
