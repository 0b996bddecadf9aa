package io.mooring.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.site.Answer;
import io.mooring.plugin.site.PluginClient;
import io.mooring.plugin.site.PluginProcess;
import io.mooring.plugin.site.Requirements;
import io.mooring.plugin.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A volume's life on real loop devices with real file systems, over the real socket. */
class LoopVolumeIT {
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
    void keepsDataFromMountToMount(String fsType) throws IOException, CommandException {
        PluginClient plugin = site.start("a").client();
        assertThat(plugin.create("Vol1", Map.of("size", "1", "newfstype", fsType))
                        .err())
                .isEmpty();

        Path mounted = Path.of(plugin.mount("vol1", "id-1").mountpoint());
        assertThat(mounted).isEqualTo(site.mountRoot("a").resolve("Vol1/data"));
        assertThat(site.run("findmnt", "-n", "-o", "FSTYPE", mounted.getParent().toString()))
                .isEqualTo(fsType);
        assertThat(Files.getPosixFilePermissions(mounted)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        Files.writeString(mounted.resolve("file"), "kept");
        assertThat(status(plugin).path("fields").path("attachedTo").asText()).isEqualTo("a");

        assertThat(plugin.unmount("VOL1", "id-1").err()).isEmpty();
        assertThat(site.devicesOf("vol1")).isEmpty();
        assertThat(site.mountsOf("a")).isEmpty();
        assertThat(mounted.getParent()).doesNotExist();

        Path again = Path.of(plugin.mount("vol1", "id-2").mountpoint());
        assertThat(again.resolve("file")).hasContent("kept");
        assertThat(plugin.unmount("vol1", "id-2").err()).isEmpty();
        assertThat(plugin.call("/VolumeDriver.Remove", Map.of("Name", "vol1")).err())
                .isEmpty();
        assertThat(site.image("vol1").getParent()).doesNotExist();
    }

    @Test
    void setsTheModeOfTheRootPathOnlyOnce() throws IOException {
        PluginClient plugin = site.start("a").client();
        plugin.create("vol1", Map.of());
        Path mounted = Path.of(plugin.mount("vol1", "1").mountpoint());
        Files.setPosixFilePermissions(mounted, PosixFilePermissions.fromString("rwxr-x--x"));
        plugin.unmount("vol1", "1");
        assertThat(Files.getPosixFilePermissions(
                        Path.of(plugin.mount("vol1", "2").mountpoint())))
                .isEqualTo(PosixFilePermissions.fromString("rwxr-x--x"));
    }

    @Test
    void countsUsesByTheirIds() throws IOException, CommandException {
        PluginClient plugin = site.start("a").client();
        plugin.create("vol1", Map.of());
        String mounted = plugin.mount("vol1", "one").mountpoint();
        assertThat(plugin.mount("vol1", "one").mountpoint()).isEqualTo(mounted);
        assertThat(plugin.mount("vol1", "two").mountpoint()).isEqualTo(mounted);
        assertThat(plugin.unmount("vol1", "one").err()).isEmpty();
        assertThat(plugin.unmount("vol1", "one").err()).isEmpty();
        assertThat(plugin.unmount("vol1", "never seen").err()).isEmpty();
        assertThat(site.devicesOf("vol1")).isNotEmpty();
        assertThat(plugin.call("/VolumeDriver.Path", Map.of("Name", "vol1")).mountpoint())
                .isEqualTo(mounted);
        assertThat(plugin.unmount("vol1", "two").err()).isEmpty();
        assertThat(site.devicesOf("vol1")).isEmpty();
        assertThat(plugin.unmount("vol1", "two").err()).isEmpty();
        assertThat(plugin.call("/VolumeDriver.Path", Map.of("Name", "vol1")).mountpoint())
                .isEmpty();
    }

    @Test
    void refusesToRemoveWhatIsMounted() throws IOException {
        PluginClient plugin = site.start("a").client();
        plugin.create("vol1", Map.of());
        plugin.mount("vol1", "mooring:claim-7:3");
        Answer removed = plugin.call("/VolumeDriver.Remove", Map.of("Name", "vol1"));
        assertThat(removed.status()).isEqualTo(500);
        assertThat(removed.err()).contains("in use by host a", "claim claim-7, fence 3");
        assertThat(site.image("vol1")).exists();
    }

    @Test
    void refusesToCreateTheSameNameWithAnotherSizeOrFileSystem() throws IOException {
        PluginClient plugin = site.start("a").client();
        plugin.create("vol1", Map.of("size", "1"));
        assertThat(plugin.create("VOL1", Map.of("size", "1")).err()).isEmpty();
        assertThat(plugin.create("vol1", Map.of()).err()).isEmpty();
        assertThat(plugin.create("vol1", Map.of("size", "2", "newfstype", "xfs"))
                        .err())
                .contains("already exists", "size is 1 GB, not 2 GB", "file system is ext4, not xfs");
    }

    @Test
    void neverPromisesMoreThanThePoolHasUnlessToldSo() throws IOException {
        PluginClient plugin = site.start("a").client();
        assertThat(plugin.create("huge", Map.of("size", "900000")).err()).contains("the pool has room for");
        assertThat(site.image("huge").getParent()).doesNotExist();
        site.start("b", "loop.overcommit: true").client();
        PluginProcess overcommitting = site.start("c", "loop.overcommit: true");
        assertThat(overcommitting
                        .client()
                        .create("large", Map.of("size", "10000"))
                        .err())
                .isEmpty();
        JsonNode capacity = plugin.call("/Mooring.Capacity", "{}").body();
        assertThat(capacity.path("ProvisionedBytes").asLong()).isEqualTo(10_000L << 30);
        assertThat(capacity.path("UsedBytes").asLong()).isLessThan(1L << 30);
        assertThat(capacity.path("TotalBytes").asLong()).isGreaterThan(0);
    }

    /** 100 reads of a device that may do 50 in a second. */
    @Test
    void enforcesIopsWhereTheKernelCanAndSaysWhetherItDoes() throws IOException, CommandException {
        PluginClient plugin = site.start("a").client();
        plugin.create("vol1", Map.of("IOPS", "50"));
        Path file = Path.of(plugin.mount("vol1", "1").mountpoint(), "file");
        site.run("dd", "if=/dev/zero", "of=" + file, "bs=4k", "count=100", "conv=fsync", "status=none");
        String enforced = status(plugin).path("fields").path("iopsEnforced").asText();
        Path limits = Path.of("/sys/fs/cgroup/blkio/blkio.throttle.read_iops_device");
        if (!Files.isWritable(limits)) {
            assertThat(enforced).startsWith("no: this host has no cgroup v1 block controller");
            return;
        }
        assertThat(enforced).startsWith("yes");
        String number = site.run("lsblk", "-ndo", "MAJ:MIN", site.devicesOf("vol1"));
        assertThat(Files.readAllLines(limits)).contains(number + " 50");
        long start = System.nanoTime();
        site.run("dd", "if=" + file, "of=/dev/null", "bs=4k", "count=100", "iflag=direct", "status=none");
        boolean inRootGroup =
                Files.readAllLines(Path.of("/proc/self/cgroup")).stream().anyMatch(line -> line.endsWith(":blkio:/"));
        if (inRootGroup) {
            assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
        }
        plugin.unmount("vol1", "1");
        assertThat(Files.readAllLines(limits)).noneMatch(line -> line.startsWith(number + " "));
    }

    @Test
    void createsOnMountForDockerCallersOnly() throws IOException {
        PluginClient plugin = site.start("a").client();
        assertThat(plugin.mount("absent", "mooring:claim-1:1").err()).isEqualTo("no such volume: absent");
        assertThat(plugin.mount("absent", "docker").mountpoint()).endsWith("/absent/data");
    }

    @Test
    void makesItsMountRootASharedMountAndTakesItBack() throws IOException, CommandException {
        PluginProcess plugin = site.start("a");
        String root = site.mountRoot("a").toString();
        assertThat(site.run("findmnt", "-n", "-o", "PROPAGATION", root)).isEqualTo("shared");
        assertThat(plugin.stop()).isZero();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(root);
    }

    @Test
    void refusesWhatIsNotTheVolumeAtItsMountPoint() throws IOException, CommandException {
        PluginClient plugin = site.start("a").client();
        plugin.create("vol1", Map.of());
        Path point = Files.createDirectories(site.mountRoot("a").resolve("vol1"));
        site.run("mount", "-t", "tmpfs", "none", point.toString());
        assertThat(plugin.mount("vol1", "1").err()).contains("is mounted at " + point + ", where the volume belongs");
        assertThat(site.devicesOf("vol1")).isEmpty();
        site.run("umount", point.toString());
        Files.deleteIfExists(point);
        Files.createSymbolicLink(point, Path.of("/etc"));
        assertThat(plugin.mount("vol1", "1").err()).contains("is not a directory");
        assertThat(site.devicesOf("vol1")).isEmpty();
    }

    @Test
    void triesAFailedMountAgainAsOftenAsItIsTold() throws IOException, CommandException, InterruptedException {
        String mount = "libstorage.integration.volume.operations.mount.";
        PluginProcess plugin = site.start("a", mount + "retryCount: 1000", mount + "retryWait: 50ms");
        plugin.client().create("vol1", Map.of());
        Path point = Files.createDirectories(site.mountRoot("a").resolve("vol1"));
        site.run("mount", "-t", "tmpfs", "none", point.toString());
        CompletableFuture<Answer> mounted =
                CompletableFuture.supplyAsync(() -> plugin.client().mount("vol1", "1"));
        while (!plugin.log().contains("left=997")) {
            assertThat(mounted).isNotDone();
            Thread.sleep(20);
        }
        site.run("umount", point.toString());
        assertThat(mounted.join().err()).isEmpty();
        assertThat(site.mountsOf("a")).hasSize(1);
    }

    @Test
    void neverFollowsASymbolicLinkInTheVolume() throws IOException {
        PluginClient plugin = site.start("a").client();
        plugin.create("vol1", Map.of());
        Path data = Path.of(plugin.mount("vol1", "1").mountpoint());
        Files.delete(data);
        Files.createSymbolicLink(data, Path.of("/etc"));
        plugin.unmount("vol1", "1");
        assertThat(plugin.mount("vol1", "2").err()).contains("root path data", "not a directory");
    }

    private static JsonNode status(PluginClient plugin) {
        return plugin.call("/VolumeDriver.Get", Map.of("Name", "vol1"))
                .body()
                .path("Volume")
                .path("Status");
    }
}
