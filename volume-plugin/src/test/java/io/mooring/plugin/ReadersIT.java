package io.mooring.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.site.PluginClient;
import io.mooring.plugin.site.PluginProcess;
import io.mooring.plugin.site.Requirements;
import io.mooring.plugin.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes that are only read, by many hosts at once. */
class ReadersIT {
    private static final String WRITER = "mooring:writer:1";

    private Site site;

    @BeforeEach
    void open() throws IOException {
        Requirements.loopDevices();
        site = Site.of("loop");
    }

    @AfterEach
    void close() throws IOException, CommandException {
        if (site != null) {
            site.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs"})
    void isReadByManyHostsAtOnceWithoutChangingAByte(String fsType) throws IOException, CommandException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        write(a, fsType);
        long before = digest();
        Path atA = Path.of(a.mount("vol1", "mooring:reader-a:2:ro").mountpoint());
        Path atB = Path.of(b.mount("vol1", "mooring:reader-b:3:ro").mountpoint());
        assertThat(atA.resolve("file")).hasContent("content");
        assertThat(atB.resolve("file")).hasContent("content");
        assertThatThrownBy(() -> Files.writeString(atA.resolve("other"), "x")).isInstanceOf(IOException.class);
        assertThat(site.devicesOf("vol1").lines()).hasSize(2);
        assertThat(a.mount("vol1", "mooring:reader-c:4:ro").mountpoint()).isEqualTo(atA.toString());
        assertThat(site.devicesOf("vol1").lines()).hasSize(2);

        assertThat(a.unmount("vol1", "mooring:reader-a:2:ro").err()).isEmpty();
        assertThat(atA.resolve("file")).hasContent("content");
        assertThat(a.unmount("vol1", "mooring:reader-c:4:ro").err()).isEmpty();
        assertThat(atB.resolve("file")).hasContent("content");
        assertThat(b.unmount("vol1", "mooring:reader-b:3:ro").err()).isEmpty();
        assertThat(site.devicesOf("vol1")).isEmpty();
        assertThat(digest()).isEqualTo(before);
        assertThat(site.pool().resolve("volumes/vol1").toFile().list())
                .containsExactlyInAnyOrder("image", "ownership.json", "volume.json");
    }

    @Test
    void readersAndAWriterOfAnotherHostExcludeEachOther() throws IOException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        write(a, "ext4");
        a.mount("vol1", "mooring:reader-a:2:ro");
        b.mount("vol1", "mooring:reader-b:3:ro");
        assertThat(b.mount("vol1", "mooring:writer-b:4").err()).contains("in use by host a", "to read, and by 1 more");
        JsonNode volume =
                b.call("/Mooring.Volumes", "{}").body().path("Volumes").path(0);
        assertThat(volume.path("Attachment").isNull()).isTrue();
        assertThat(volume.path("Readers")).hasSize(2);
        a.unmount("vol1", "mooring:reader-a:2:ro");
        b.unmount("vol1", "mooring:reader-b:3:ro");
        assertThat(b.mount("vol1", "mooring:writer-b:4").err()).isEmpty();
        assertThat(a.mount("vol1", "mooring:reader-a:5:ro").err())
                .contains("in use by host b", "beside its writer only");
    }

    @Test
    void aReaderOnItsWritersHostGetsTheSameMount() throws IOException, CommandException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        a.create("vol1", Map.of());
        String data = a.mount("vol1", WRITER).mountpoint();
        assertThat(a.mount("vol1", "mooring:reader:2:ro").mountpoint()).isEqualTo(data);
        Files.writeString(Path.of(data, "file"), "fresh");
        assertThat(a.unmount("vol1", "mooring:reader:2:ro").err()).isEmpty();
        assertThat(Path.of(data, "file")).hasContent("fresh");
        a.mount("vol1", "mooring:reader:3:ro");
        assertThat(a.unmount("vol1", WRITER).err()).isEmpty();
        assertThat(b.mount("vol1", "mooring:next:4").err())
                .as("as long as it is read there")
                .contains("host a");
        assertThat(a.unmount("vol1", "mooring:reader:3:ro").err()).isEmpty();
        assertThat(site.devicesOf("vol1")).isEmpty();
        assertThat(b.mount("vol1", "mooring:next:4").err()).isEmpty();
    }

    @Test
    void cannotReadWhatNobodyEverWrote() throws IOException, CommandException {
        PluginClient a = site.start("a").client();
        a.create("vol1", Map.of());
        assertThat(a.mount("vol1", "mooring:reader:1:ro").err())
                .contains("no file system yet", "mount it once to write");
        assertThat(site.devicesOf("vol1")).isEmpty();
        assertThat(a.mount("vol1", WRITER).err()).isEmpty();
    }

    @Test
    void keepsReadersOverARestartAndTakesBackWhatAnEarlierBootLeft() throws IOException, CommandException {
        PluginProcess a = site.start("a");
        PluginClient b = site.start("b").client();
        write(a.client(), "ext4");
        Path data = Path.of(a.client().mount("vol1", "mooring:reader-a:2:ro").mountpoint());
        a.kill();
        PluginProcess again = site.start("a");
        assertThat(data.resolve("file")).hasContent("content");
        assertThat(again.client().unmount("vol1", "mooring:reader-a:2:ro").err())
                .isEmpty();
        again.client().mount("vol1", "mooring:reader-a:3:ro");
        again.kill();
        site.start("a", "loop.bootId: next");
        assertThat(site.devicesOf("vol1")).isEmpty();
        assertThat(b.mount("vol1", "mooring:writer-b:4").err()).isEmpty();
    }

    @Test
    void aReaderThatDoesNotAnswerIsDismissedAndSeesNothingNew() throws IOException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        PluginClient c = site.start("c").client();
        write(a, "ext4");
        Path atA = Path.of(a.mount("vol1", "mooring:reader-a:2:ro").mountpoint());
        Path atC = Path.of(c.mount("vol1", "mooring:reader-c:3:ro").mountpoint());
        assertThat(b.call("/Mooring.Fence", "{\"Name\":\"vol1\",\"Host\":\"a\",\"Fence\":3}")
                        .err())
                .contains("in use by host a");
        assertThat(b.call("/Mooring.Fence", "{\"Name\":\"vol1\",\"Host\":\"a\",\"Fence\":2}")
                        .err())
                .isEmpty();
        assertThat(atC.resolve("file")).hasContent("content");
        assertThat(c.unmount("vol1", "mooring:reader-c:3:ro").err()).isEmpty();
        Path atB = Path.of(b.mount("vol1", "mooring:writer-b:4").mountpoint());
        Files.writeString(atB.resolve("file"), "changed");
        assertThat(atA.resolve("file")).hasContent("content");
        assertThat(a.mount("vol1", "mooring:reader-a:2:ro").err()).contains("stale");
        assertThat(a.unmount("vol1", "mooring:reader-a:2:ro").err()).isEmpty();
        assertThat(a.call("/Mooring.Unfence", "{\"Name\":\"vol1\",\"Host\":\"a\",\"Fence\":2}")
                        .err())
                .isEmpty();
        assertThat(site.pool().resolve("volumes/vol1").toFile().list())
                .containsExactlyInAnyOrder("image.1", "ownership.json", "volume.json");
        assertThat(b.unmount("vol1", "mooring:writer-b:4").err()).isEmpty();
        assertThat(Path.of(a.mount("vol1", "mooring:reader-a:5:ro").mountpoint(), "file"))
                .hasContent("changed");
    }

    private static void write(PluginClient plugin, String fsType) throws IOException {
        plugin.create("vol1", Map.of("fsType", fsType));
        Files.writeString(Path.of(plugin.mount("vol1", WRITER).mountpoint(), "file"), "content");
        assertThat(plugin.unmount("vol1", WRITER).err()).isEmpty();
    }

    /** Of a gigabyte of mostly nothing, so a checksum that the processor makes. */
    private long digest() throws IOException, CommandException {
        site.run("sync");
        CRC32C sum = new CRC32C();
        try (var in = Files.newInputStream(site.image("vol1"))) {
            byte[] buffer = new byte[1 << 20];
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                sum.update(buffer, 0, n);
            }
        }
        return sum.getValue();
    }
}
