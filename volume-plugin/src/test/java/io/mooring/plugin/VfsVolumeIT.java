package io.mooring.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.site.Answer;
import io.mooring.plugin.site.PluginClient;
import io.mooring.plugin.site.PluginProcess;
import io.mooring.plugin.site.Site;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol, the socket and the switches of the configuration, on the driver that needs no privilege. */
class VfsVolumeIT {
    private static final String OPERATIONS = "libstorage.integration.volume.operations.";

    private Site site;

    @BeforeEach
    void open() throws IOException {
        site = Site.of("vfs");
    }

    @AfterEach
    void close() throws IOException, CommandException {
        site.close();
    }

    @Test
    void movesADirectoryBetweenHosts() throws IOException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        a.create("Vol1", Map.of("size", "5", "newfstype", "xfs"));
        Path mounted = Path.of(a.mount("vol1", "mooring:c1:1").mountpoint());
        assertThat(mounted).isEqualTo(site.pool().resolve("volumes/vol1/content/data"));
        Files.writeString(mounted.resolve("file"), "kept");
        assertThat(b.mount("vol1", "mooring:c2:2").err()).contains("in use by host a", "claim c1, fence 1");
        assertThat(a.call("/Mooring.Capabilities", "{}")
                        .body()
                        .path("MountKind")
                        .asText())
                .isEqualTo("directory");
        assertThat(a.call("/Mooring.Capabilities", "{}").body().path("RootPath").asText())
                .isEqualTo("/data");
        a.unmount("vol1", "mooring:c1:1");
        assertThat(Path.of(b.mount("vol1", "mooring:c2:2").mountpoint(), "file"))
                .hasContent("kept");
        b.unmount("vol1", "mooring:c2:2");
        assertThat(b.call("/VolumeDriver.Remove", Map.of("Name", "VOL1")).err()).isEmpty();
        assertThat(mounted).doesNotExist();
        assertThat(a.call("/VolumeDriver.Get", Map.of("Name", "vol1")).err()).isEqualTo("no such volume: vol1");
    }

    /** Both keys are taken, and change nothing. */
    @Test
    void removesNothingByForceAndRemembersNoPaths() throws IOException {
        PluginClient plugin = site.start(
                        "a",
                        OPERATIONS + "remove.force: true",
                        OPERATIONS + "path.cache.enabled: true",
                        OPERATIONS + "path.cache.async: true")
                .client();
        plugin.create("vol1", Map.of());
        for (int round = 0; round < 3; round++) {
            Path mounted = Path.of(plugin.mount("vol1", "one").mountpoint());
            Files.writeString(mounted.resolve("file"), "kept");
            assertThat(plugin.call("/VolumeDriver.Remove", Map.of("Name", "vol1"))
                            .err())
                    .contains("in use by host a");
            assertThat(mounted.resolve("file")).hasContent("kept");
            assertThat(plugin.call("/VolumeDriver.Path", Map.of("Name", "vol1")).mountpoint())
                    .isEqualTo(mounted.toString());
            plugin.unmount("vol1", "one");
            assertThat(plugin.call("/VolumeDriver.Path", Map.of("Name", "vol1")).mountpoint())
                    .isEmpty();
        }
    }

    @Test
    void listsWhatAnotherHostDoesAtOnce() throws IOException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        for (int i = 0; i < 20; i++) {
            a.create("vol" + i, Map.of());
            assertThat(attachedTo(b, "vol" + i)).isEmpty();
            b.mount("vol" + i, "one");
            assertThat(attachedTo(a, "vol" + i)).isEqualTo("b");
            b.unmount("vol" + i, "one");
            assertThat(attachedTo(a, "vol" + i)).isEmpty();
        }
    }

    private static String attachedTo(PluginClient plugin, String volume) {
        for (JsonNode listed : plugin.call("/VolumeDriver.List", "{}").body().path("Volumes")) {
            if (listed.path("Name").asText().equals(volume)) {
                return listed.path("Status").path("fields").path("attachedTo").asText();
            }
        }
        throw new AssertionError(volume + " is not listed");
    }

    @Test
    void answersWithTheStatusFieldsOfRexRay() throws IOException {
        PluginClient plugin = site.start("vfs-host").client();
        JsonNode create = null;
        JsonNode recordedVolume = null;
        for (JsonNode step : recording().path("steps")) {
            String path = step.path("request").path("path").asText();
            if (path.equals("/VolumeDriver.Create") && create == null) {
                create = step.path("request").path("body");
            }
            if (path.equals("/VolumeDriver.Get")
                    && step.path("response").path("status").asInt() == 200) {
                recordedVolume = step.path("response").path("body").path("Volume");
            }
        }
        assertThat(plugin.call("/VolumeDriver.Create", create.toString()).status())
                .isEqualTo(200);
        JsonNode volume =
                plugin.call("/VolumeDriver.Get", "{\"Name\":\"v1\"}").body().path("Volume");
        JsonNode recordedStatus = recordedVolume.path("Status");
        for (String field : new String[] {"name", "size", "iops", "type", "availabilityZone", "service", "server"}) {
            assertThat(volume.path("Status").path(field)).as(field).isEqualTo(recordedStatus.path(field));
        }
        assertThat(volume.path("Status").path("fields").path("iopsEnforced").asText())
                .isEqualTo("no: a directory has no device of its own");
        recordedStatus.path("fields").properties().forEach(field -> assertThat(
                        volume.path("Status").path("fields").path(field.getKey()))
                .isEqualTo(field.getValue()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../x", "a/b", "..", ".x", "-x", "x", "", "a\u0000b", "a\nb", "volüme", "a b", "$(reboot)", "a;b"
            })
    void refusesHostileNamesInEveryCall(String name) throws IOException {
        PluginClient plugin = site.start("a").client();
        for (String call : new String[] {"Create", "Remove", "Mount", "Unmount", "Path", "Get"}) {
            Answer answer = plugin.call("/VolumeDriver." + call, Map.of("Name", name, "ID", "1"));
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.err()).contains("volume name", "letters, digits").matches("[ -~]*");
        }
        assertThat(plugin.create("a".repeat(300), Map.of()).status()).isEqualTo(500);
        assertThat(site.pool().resolve("volumes")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "7",
                "{",
                "{\"Name\":",
                "{\"Name\": 7}",
                "{\"Name\":{}}",
                "{} {}",
                "\u0000",
                "{\"Name\":\"vol1\",\"Opts\":[]}",
                "{\"Name\":\"vol1\",\"Opts\":{\"size\":{}}}"
            })
    void answersMalformedBodiesWithBadRequest(String body) throws IOException {
        Answer answer = site.start("a").client().call("/VolumeDriver.Create", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.err()).isNotEmpty();
    }

    @Test
    void answersWhatIsNoTextOrSaysAThingTwiceWithBadRequest() throws IOException {
        PluginClient plugin = site.start("a").client();
        for (String bytes : List.of("fffe7b00", "0000fffe0000", "0000feff00110000", "7b22ff227d")) {
            Answer answer = plugin.send("POST /VolumeDriver.Get", HexFormat.of().parseHex(bytes));
            assertThat(answer.status()).as(bytes).isEqualTo(400);
            assertThat(answer.err()).contains("not JSON");
        }
        for (String line :
                List.of("POST /VolumeDriver.Get%00", "POST /%ff", "GET /a b c", "GET /" + "a".repeat(9_000))) {
            Answer answer = plugin.send(line, new byte[0]);
            assertThat(answer.status()).as(line).isBetween(400, 499);
            assertThat(answer.err()).contains("no valid HTTP request");
        }
        for (String body : List.of(
                "{\"Name\":\"vol1\",\"Name\":\"vol2\"}",
                "{\"Name\":\"vol1\",\"Opts\":{\"size\":\"1\",\"size\":\"2\"}}")) {
            assertThat(plugin.call("/VolumeDriver.Create", body).err()).contains("Duplicate field");
        }
        assertThat(plugin.call("/VolumeDriver.List", "{}").body().path("Volumes"))
                .isEmpty();
    }

    /** As many as there could be threads, and some more. */
    @Test
    void answersWhileManyRequestsDoNotComeToTheirEnd() throws IOException {
        PluginProcess plugin = site.start("a");
        ByteBuffer half = ByteBuffer.wrap("POST /VolumeDriver.Get HTTP/1.1\r\nHost:\r\nContent-Length: 90\r\n\r\n{\"Na"
                .getBytes(StandardCharsets.US_ASCII));
        List<SocketChannel> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 530; i++) {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                waiting.add(channel);
                channel.connect(
                        UnixDomainSocketAddress.of(site.pluginDirectory("a").resolve("vfs.sock")));
                channel.write(half.duplicate());
            }
            assertThat(plugin.client().call("/VolumeDriver.List", "{}").status())
                    .isEqualTo(200);
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
        assertThat(plugin.client().call("/VolumeDriver.List", "{}").status()).isEqualTo(200);
        assertThat(plugin.log()).doesNotContain("ERROR");
    }

    @Test
    void answersWhateverElseComes() throws IOException {
        PluginClient plugin = site.start("a").client();
        assertThat(plugin.call("/VolumeDriver.List", "").body().path("Volumes")).isEmpty();
        assertThat(plugin.call("/VolumeDriver.List", "\n").status()).isEqualTo(200);
        assertThat(plugin.call("/VolumeDriver.Create", "{\"Name\":\"vol1\",\"Opts\":null,\"New\":[1]}")
                        .status())
                .isEqualTo(200);
        assertThat(plugin.call("/VolumeDriver.Mount", "{\"Name\":\"vol1\"}").status())
                .isEqualTo(200);
        assertThat(plugin.call("/VolumeDriver.Unmount", "{\"Name\":\"vol1\"}").status())
                .isEqualTo(200);
        assertThat(plugin.call("/Mooring.Guess", "{}").status()).isEqualTo(404);
        assertThat(plugin.call("/NetworkDriver.GetCapabilities", "{}").status()).isEqualTo(404);
        assertThat(plugin.send("GET /VolumeDriver.List", new byte[0]).status()).isEqualTo(405);
        String large = "{\"Name\":\"" + "x".repeat((1 << 20) + 1000) + "\"}";
        assertThat(plugin.send("POST /VolumeDriver.Get", large.getBytes(StandardCharsets.UTF_8))
                        .err())
                .contains("more than 1048576 bytes");
    }

    @Test
    void obeysItsSwitches() throws IOException {
        PluginClient plugin = site.start(
                        "a",
                        OPERATIONS + "create.disable: true",
                        OPERATIONS + "remove.disable: true",
                        OPERATIONS + "create.implicit: false")
                .client();
        assertThat(plugin.create("vol1", Map.of()).err()).isEmpty();
        assertThat(plugin.mount("vol1", "1").err()).isEqualTo("no such volume: vol1");
        PluginClient other = site.start("b").client();
        other.create("vol1", Map.of());
        assertThat(plugin.call("/VolumeDriver.Remove", Map.of("Name", "vol1")).err())
                .isEmpty();
        assertThat(other.call("/VolumeDriver.Get", Map.of("Name", "vol1")).err())
                .isEmpty();
    }

    @Test
    void endsAllDockerUsesWhenTheCountIsIgnored() throws IOException {
        PluginClient plugin =
                site.start("a", OPERATIONS + "unmount.ignoreUsedCount: true").client();
        plugin.create("vol1", Map.of());
        plugin.mount("vol1", "one");
        plugin.mount("vol1", "two");
        plugin.unmount("vol1", "one");
        assertThat(plugin.call("/VolumeDriver.Path", Map.of("Name", "vol1")).mountpoint())
                .isEmpty();
        plugin.mount("vol1", "mooring:c1:1");
        assertThat(plugin.unmount("vol1", "one").err()).isEmpty();
        assertThat(plugin.call("/VolumeDriver.Path", Map.of("Name", "vol1")).mountpoint())
                .isNotEmpty();
    }

    @Test
    void replacesStaleSocketAndRemovesItsOwn() throws IOException {
        Path socket = site.pluginDirectory("a").resolve("vfs.sock");
        Files.createDirectories(socket.getParent());
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        PluginProcess plugin = site.start("a");
        assertThat(plugin.stop()).isZero();
        assertThat(socket).doesNotExist();
    }

    @Test
    void refusesToReplaceALiveSocketOrAFile() throws IOException {
        Path socket = site.pluginDirectory("a").resolve("vfs.sock");
        Files.createDirectories(socket.getParent());
        try (ServerSocketChannel alive = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            alive.bind(UnixDomainSocketAddress.of(socket));
            PluginProcess refused = site.launch("a");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.log()).contains("a process serves " + socket + " already");
        }
        Files.delete(socket);
        Files.writeString(socket, "precious");
        PluginProcess refused = site.launch("a");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.log()).contains("is not a socket");
        assertThat(socket).hasContent("precious");
    }

    @Test
    void copiesADirectoryThatNobodyUses() throws IOException {
        PluginClient plugin = site.start("a").client();
        plugin.create("vol1", Map.of());
        Path mounted = Path.of(plugin.mount("vol1", "1").mountpoint());
        Files.writeString(mounted.resolve("file"), "then");
        Files.createSymbolicLink(mounted.resolve("link"), Path.of("/etc/passwd"));
        assertThat(plugin.create("copy", Map.of("volumename", "vol1")).err()).contains("vol1 is in use");
        plugin.unmount("vol1", "1");
        assertThat(plugin.call("/Mooring.Snapshot", Map.of("Name", "vol1", "Snapshot", "monday"))
                        .err())
                .isEmpty();
        assertThat(plugin.call("/Mooring.Snapshot", Map.of("Name", "vol1", "Snapshot", "monday"))
                        .err())
                .contains("exists already");
        assertThat(plugin.create("copy", Map.of("snapshotname", "monday")).err())
                .isEmpty();

        Path copy = Path.of(plugin.mount("copy", "1").mountpoint());

        assertThat(copy.resolve("file")).hasContent("then");
        assertThat(Files.readSymbolicLink(copy.resolve("link"))).isEqualTo(Path.of("/etc/passwd"));
        assertThat(site.pool().resolve("work")).isEmptyDirectory();
    }

    @Test
    void saysWhatIsWrongWithItsConfiguration() throws IOException {
        PluginProcess plugin = site.launch("a", OPERATIONS + "mount.preempt: perhaps");
        assertThat(plugin.exitCode()).isEqualTo(1);
        assertThat(plugin.log()).contains("config.yml", "mount.preempt is 'perhaps', must be true or false");
        PluginProcess warned = site.start("b", "libstorage.host: tcp://x:1", "vfs.pol: /x");
        assertThat(warned.log()).contains("libstorage.host has no effect here", "vfs.pol not known");
    }

    private static JsonNode recording() throws IOException {
        try (InputStream stream = VfsVolumeIT.class.getResourceAsStream("/recordings/rexray-0.11-basic.json")) {
            return new ObjectMapper().readTree(stream);
        }
    }
}
