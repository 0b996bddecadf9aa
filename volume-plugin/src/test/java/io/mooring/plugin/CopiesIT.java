package io.mooring.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.site.Answer;
import io.mooring.plugin.site.PluginClient;
import io.mooring.plugin.site.Requirements;
import io.mooring.plugin.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies and snapshots of real file systems, in use and not, on one machine that has all of them at once. */
class CopiesIT {
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

    private static Answer done(Answer answer) {
        assertThat(answer.err()).isEmpty();
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }

    private static Path mount(PluginClient plugin, String name) {
        return Path.of(done(plugin.mount(name, "1")).mountpoint());
    }

    private static Answer grow(PluginClient plugin, int sizeGb) {
        return plugin.call("/Mooring.Grow", "{\"Name\": \"vol1\", \"SizeGb\": " + sizeGb + "}");
    }

    private long sizeMib(Path mounted) throws CommandException {
        List<String> lines = site.run("df", "--block-size=1M", "--output=size", mounted.toString())
                .lines()
                .toList();
        return Long.parseLong(lines.get(1).strip());
    }

    private String uuid(String volume) throws CommandException {
        return site.run("blkid", "-p", "-o", "value", "-s", "UUID", site.devicesOf(volume));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs"})
    void makesAVolumeOfAnotherOneAndOfASnapshotOfIt(String fsType) throws IOException, CommandException {
        PluginClient plugin = site.start("a").client();
        done(plugin.create("vol1", Map.of("size", "1", "newfstype", fsType)));
        Files.writeString(mount(plugin, "vol1").resolve("file"), "then");
        done(plugin.unmount("vol1", "1"));
        done(plugin.call("/Mooring.Snapshot", Map.of("Name", "vol1", "Snapshot", "monday")));
        Files.writeString(mount(plugin, "vol1").resolve("file"), "later");
        done(plugin.unmount("vol1", "1"));

        done(plugin.create("copy", Map.of("volumeName", "vol1", "size", "2")));
        done(plugin.create("back", Map.of("snapshotID", "monday")));
        Path first = mount(plugin, "vol1");
        Path copy = mount(plugin, "copy");
        Path back = mount(plugin, "back");

        assertThat(copy.resolve("file")).hasContent("later");
        assertThat(back.resolve("file")).hasContent("then");
        assertThat(sizeMib(copy)).isGreaterThan(sizeMib(first) + 700);
        Files.writeString(copy.resolve("file"), "of its own");
        assertThat(first.resolve("file")).hasContent("later");
        assertThat(uuid("copy")).isNotEqualTo(uuid("vol1")).isNotEqualTo(uuid("back"));
        for (String name : List.of("vol1", "copy", "back")) {
            done(plugin.unmount(name, "1"));
        }
        done(plugin.call("/VolumeDriver.Remove", Map.of("Name", "vol1")));
        assertThat(mount(plugin, "back").resolve("file")).hasContent("then");
        assertThat(plugin.call("/Mooring.Snapshots", "{}")
                        .body()
                        .path("Snapshots")
                        .get(0)
                        .path("FsType")
                        .asText())
                .isEqualTo(fsType);
        done(plugin.call("/Mooring.RemoveSnapshot", Map.of("Snapshot", "monday")));
        assertThat(plugin.call("/Mooring.Snapshots", "{}").body().path("Snapshots"))
                .isEmpty();
        assertThat(site.pool().resolve("work")).isEmptyDirectory();
    }

    private void poolThatSharesBlocks() throws IOException, CommandException {
        Path image = site.pool().resolveSibling("pool.img");
        Files.createDirectories(site.pool());
        site.run("truncate", "-s", "4G", image.toString());
        site.run("mkfs.xfs", "-q", image.toString());
        site.run("mount", "-o", "loop", image.toString(), site.pool().toString());
    }

    /** Where the pool can share blocks, a snapshot of a volume in use is one moment of it. */
    @Test
    void takesASnapshotUnderAWriterWhereThePoolCanShareBlocks() throws IOException, CommandException {
        poolThatSharesBlocks();
        PluginClient plugin = site.start("a").client();
        done(plugin.create("vol1", Map.of("size", "1")));
        Path mounted = mount(plugin, "vol1");
        Files.writeString(mounted.resolve("file"), "not yet written back");

        done(plugin.call("/Mooring.Snapshot", Map.of("Name", "vol1", "Snapshot", "now")));
        Files.writeString(mounted.resolve("file"), "it goes on");

        done(plugin.create("back", Map.of("snapshotName", "now")));
        assertThat(mount(plugin, "back").resolve("file")).hasContent("not yet written back");
    }

    /** A file that shares blocks gives its device larger sectors, on which XFS of smaller ones cannot be mounted. */
    @Test
    void mountsAVolumeAgainWhoseBlocksACopyShares() throws IOException, CommandException {
        poolThatSharesBlocks();
        PluginClient plugin = site.start("a", "loop.overcommit: true").client();
        done(plugin.create("vol1", Map.of("newfstype", "xfs")));
        done(plugin.create("vol2", Map.of("newfstype", "xfs")));
        site.run("mkfs.xfs", "-q", "-s", "size=512", site.image("vol2").toString()); // as earlier versions made it
        for (String name : List.of("vol1", "vol2")) {
            Files.writeString(mount(plugin, name).resolve("file"), "kept");
            done(plugin.unmount(name, "1"));
            done(plugin.create("copy-" + name, Map.of("volumeName", name)));
            assertThat(mount(plugin, "copy-" + name).resolve("file")).hasContent("kept");
            assertThat(mount(plugin, name).resolve("file")).hasContent("kept");
        }
    }

    @Test
    void refusesWhatCannotBeCopiedWithAReason() throws IOException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        done(a.create("vol1", Map.of("size", "2")));
        assertThat(a.create("xx", Map.of("volumename", "nothing")).err()).contains("no such volume nothing");
        assertThat(a.create("xx", Map.of("snapshotname", "nothing")).err()).contains("no such snapshot nothing");
        assertThat(a.create("xx", Map.of("volumename", "vol1", "snapshotid", "y"))
                        .err())
                .contains("give one of them");
        assertThat(a.create("xx", Map.of("volumename", "../vol1")).err()).contains("volumename");
        assertThat(a.create("xx", Map.of("volumename", "vol1", "size", "1")).err())
                .contains("2 GB, and a copy cannot be smaller");
        assertThat(a.create("xx", Map.of("volumename", "vol1", "newfstype", "xfs"))
                        .err())
                .contains("has ext4");
        done(a.mount("vol1", "mooring:claim-1:1"));
        assertThat(b.create("xx", Map.of("volumename", "vol1")).err())
                .contains("cannot be copied here", "host a", "claim claim-1");
        assertThat(a.call("/VolumeDriver.Get", Map.of("Name", "xx")).status()).isNotEqualTo(200);
        assertThat(site.pool().resolve("work")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs"})
    void growsAVolumeUnderItsUserOrAtItsNextMount(String fsType) throws IOException, CommandException {
        PluginClient plugin = site.start("a").client();
        PluginClient other = site.start("b").client();
        done(plugin.create("vol1", Map.of("size", "1", "newfstype", fsType)));
        Path mounted = mount(plugin, "vol1");
        Files.writeString(mounted.resolve("file"), "kept");
        long before = sizeMib(mounted);
        assertThat(other.call("/Mooring.Grow", "{\"Name\": \"vol1\", \"SizeGb\": 2}")
                        .err())
                .isNotEmpty();

        String trouble = grow(plugin, 2).err();
        if (!trouble.isEmpty()) {
            // Kernels let a mounted ext4 grow for those only who may do everything.
            assertThat(fsType).isEqualTo("ext4");
            assertThat(trouble).contains("Permission denied", "at its next mount");
            done(plugin.unmount("vol1", "1"));
            mounted = mount(plugin, "vol1");
        }
        assertThat(sizeMib(mounted)).isGreaterThan(before + 700);
        done(plugin.unmount("vol1", "1"));
        done(grow(plugin, 3));
        done(grow(plugin, 3));
        mounted = mount(plugin, "vol1");

        assertThat(sizeMib(mounted)).isGreaterThan(before + 1700);
        assertThat(mounted.resolve("file")).hasContent("kept");
        assertThat(grow(plugin, 1).err()).contains("none is made smaller");
        assertThat(grow(plugin, 0).status()).isEqualTo(400);
        assertThat(plugin.call("/Mooring.Volumes", "{}")
                        .body()
                        .path("Volumes")
                        .get(0)
                        .path("SizeGb")
                        .asInt())
                .isEqualTo(3);
    }
}
