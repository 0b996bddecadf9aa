package io.mooring.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.site.Answer;
import io.mooring.plugin.site.Appender;
import io.mooring.plugin.site.PluginClient;
import io.mooring.plugin.site.PluginProcess;
import io.mooring.plugin.site.Requirements;
import io.mooring.plugin.site.Site;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cuts a host off whose processes write on, with the plugin of another host over the same pool. */
class FenceIT {
    private static final String OLD = "mooring:claim-a:1";
    private static final String NEW = "mooring:claim-b:2";

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
    void cutsAWriterOffThatNoUnmountReachesAndKeepsAllThatItHadSynced(String fsType)
            throws IOException, InterruptedException, CommandException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        a.create("vol1", Map.of("fsType", fsType));
        Path data = Path.of(a.mount("vol1", OLD).mountpoint());
        try (Appender old = Appender.on(data.resolve("file"), site.pool().resolveSibling("progress"))) {
            Answer cut = fence(b, "a", 1);
            assertThat(cut.err()).isEmpty();
            assertThat(cut.body().path("Attached").asBoolean(true)).isFalse();
            assertThat(cut.body().path("Fenced").asBoolean()).isTrue();
            old.awaitFailure();
            long synced = old.lines();

            Path moved = Path.of(b.mount("vol1", NEW).mountpoint());
            assertThat(Appender.gaplessLines(moved.resolve("file"))).isBetween(synced, synced + 1);
            Files.writeString(moved.resolve("file"), "mine");
            assertThat(site.devicesOf("vol1")).as("what the old host still has").isNotEmpty();
            assertThat(Files.readString(moved.resolve("file"))).isEqualTo("mine");
            assertThat(b.unmount("vol1", NEW).err()).isEmpty();
            Path again = Path.of(b.mount("vol1", NEW).mountpoint());
            assertThat(Files.readString(again.resolve("file"))).isEqualTo("mine");
        }
    }

    @Test
    void letsAHostComeBackOnlyWhenNothingOfItsOldAccessIsLeft() throws IOException, InterruptedException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        a.create("vol1", Map.of());
        Path data = Path.of(a.mount("vol1", OLD).mountpoint());
        try (Appender old = Appender.on(data.resolve("file"), site.pool().resolveSibling("progress"))) {
            fence(b, "a", 1);
            assertThat(a.mount("vol1", OLD).err()).contains("this host was cut off", "fence 1");
            assertThat(a.mount("vol1", "mooring:claim-c:3").err()).contains("this host was cut off");
            assertThat(a.mount("vol1", "docker").err()).contains("this host was cut off");
            old.awaitFailure();
            assertThat(unfence(a, "a", 1).err()).contains("is not detached", "still holds it");
        }
        assertThat(unfence(b, "a", 1).err()).contains("by its own plugin");
        assertThat(a.unmount("vol1", OLD).err()).isEmpty();
        assertThat(unfence(a, "a", 1).err()).isEmpty();
        assertThat(unfence(a, "a", 1).err()).as("again").isEmpty();
        assertThat(verify(a, "a").body().path("Fenced").asBoolean(true)).isFalse();
        assertThat(site.image("vol1")).as("what it was cut off from").doesNotExist();
        assertThat(a.mount("vol1", "mooring:claim-c:3").err()).isEmpty();
        assertThat(a.unmount("vol1", "mooring:claim-c:3").err()).isEmpty();
    }

    @Test
    void refusesAnOrderThatIsAboutAnotherHostOrAnotherFence() throws IOException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        a.create("vol1", Map.of());
        Path data = Path.of(a.mount("vol1", "mooring:claim-a:5").mountpoint());

        assertThat(fence(b, "a", 4).err())
                .contains("the order is for host a and fence 4", "in use by host a", "fence 5");
        assertThat(fence(b, "a", 6).err()).contains("the order is for host a and fence 6");
        assertThat(fence(b, "b", 5).err()).contains("the order is for host b and fence 5");
        assertThat(b.call("/Mooring.Fence", "{\"Name\":\"vol1\",\"Host\":\"a\",\"Fence\":5,\"BootId\":\"other\"}")
                        .err())
                .contains("the order is for host a");
        assertThat(b.call("/Mooring.Fence", "{\"Name\":\"vol1\",\"Host\":\"a\",\"Fence\":5,\"ClaimId\":\"other\"}")
                        .err())
                .contains("the order is for host a");
        for (String bad : new String[] {
            "{\"Name\":\"vol1\",\"Host\":\"a\"}",
            "{\"Name\":\"vol1\",\"Fence\":5}",
            "{\"Name\":\"vol1\",\"Host\":\"a\",\"Fence\":0}",
            "{\"Name\":\"vol1\",\"Host\":\"a\",\"Fence\":\"5\"}"
        }) {
            assertThat(b.call("/Mooring.Fence", bad).status()).as(bad).isEqualTo(400);
        }
        assertThat(verify(b, "a").body().path("Attached").asBoolean()).isTrue();
        Files.writeString(data.resolve("file"), "undisturbed");
    }

    @Test
    void aLateOrderNeverHitsWhoHasTheVolumeNow() throws IOException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        a.create("vol1", Map.of());
        a.mount("vol1", OLD);
        fence(b, "a", 1);
        Path data = Path.of(b.mount("vol1", NEW).mountpoint());
        assertThat(fence(a, "a", 1).err()).as("the same order once more").isEmpty();
        Files.writeString(data.resolve("file"), "still here");
        a.unmount("vol1", OLD);
        unfence(a, "a", 1);
        assertThat(fence(b, "a", 1).err()).contains("fence 1", "in use by host b");
        b.unmount("vol1", NEW);
        a.mount("vol1", "mooring:claim-c:3");
        assertThat(fence(b, "a", 1).err()).contains("fence 1", "fence 3");
        assertThat(fence(b, "b", 2).err()).contains("the order is for host b");
        a.unmount("vol1", "mooring:claim-c:3");
        assertThat(fence(b, "b", 2).err()).contains("stale", "fence 3");
    }

    @Test
    void barsAHostWhoseMountIsStillOnItsWay() throws IOException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        a.create("vol1", Map.of());
        assertThat(fence(b, "a", 1).err()).isEmpty();
        assertThat(a.mount("vol1", OLD).err()).contains("cut off");
        assertThat(b.mount("vol1", NEW).err()).isEmpty();
        b.unmount("vol1", NEW);
        assertThat(a.mount("vol1", "mooring:claim-c:3").err())
                .as("nothing of the old access can be left")
                .isEmpty();
    }

    @Test
    void givesExactlyOneOfAMountAndAFenceTheVolume() throws IOException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        for (int i = 0; i < 10; i++) {
            String name = "vol" + i;
            a.create(name, Map.of());
            CompletableFuture<Answer> mount = CompletableFuture.supplyAsync(() -> a.mount(name, OLD));
            Answer fenced = b.call("/Mooring.Fence", "{\"Name\":\"" + name + "\",\"Host\":\"a\",\"Fence\":1}");
            Answer mounted = mount.orTimeout(60, TimeUnit.SECONDS).join();
            assertThat(fenced.err()).isEmpty();
            Path data = Path.of(b.mount(name, NEW).mountpoint());
            Files.writeString(data.resolve("file"), "b");
            if (mounted.err().isEmpty()) {
                assertThat(canWrite(Path.of(mounted.mountpoint()))).isFalse();
            } else {
                assertThat(mounted.err()).contains("cut off");
            }
            assertThat(Files.readString(data.resolve("file"))).isEqualTo("b");
            assertThat(b.unmount(name, NEW).err()).isEmpty();
            assertThat(a.unmount(name, OLD).err()).isEmpty();
        }
    }

    @Test
    void finishesACutThatAKilledPluginBegan() throws IOException {
        PluginClient a = site.start("a").client();
        PluginProcess b = site.start("b");
        a.create("vol1", Map.of());
        Path data = Path.of(a.mount("vol1", OLD).mountpoint());
        Files.write(data.resolve("large"), new byte[300 << 20]);
        Files.writeString(data.resolve("file"), "kept");
        CompletableFuture<Void> fence = CompletableFuture.runAsync(() -> fence(b.client(), "a", 1));
        awaitCutting();
        b.kill();
        fence.exceptionally(failure -> null).join();

        PluginClient c = site.start("c").client();
        assertThat(a.unmount("vol1", OLD).err()).as("while it is cut off").isEmpty();
        assertThat(c.mount("vol1", NEW).err()).contains("being cut off");
        assertThat(verify(c, "a").body().path("Attached").asBoolean()).isTrue();
        assertThat(unfence(a, "a", 1).err()).contains("not finished");
        assertThat(fence(c, "a", 1).err()).isEmpty();
        Path moved = Path.of(c.mount("vol1", NEW).mountpoint());
        assertThat(moved.resolve("large")).exists();
    }

    @Test
    void doesNotMountAFileSystemThatIsBrokenAfterACut() throws IOException, CommandException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        a.create("vol1", Map.of());
        a.mount("vol1", OLD);
        fence(b, "a", 1);
        Path image = site.image("vol1").resolveSibling("image.1");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            for (int block = 1; block < 2000; block++) {
                file.seek(block * 4096L);
                file.write(new byte[] {(byte) 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9});
            }
        }
        Answer refused = b.mount("vol1", NEW);
        assertThat(refused.err()).contains("was cut off from its last holder", "e2fsck -f " + image);
        assertThat(site.run("losetup", "--noheadings", "--output", "NAME", "--associated", image.toString()))
                .isEmpty();
        JsonNode volume =
                b.call("/Mooring.Volumes", "{}").body().path("Volumes").path(0);
        assertThat(volume.path("CheckDue").asBoolean()).isTrue();
        assertThat(volume.path("Attachment").isNull()).isTrue();
        assertThat(volume.path("Fenced").path(0).path("Host").asText()).isEqualTo("a");
    }

    @Test
    void removesAVolumeThatAHostWasCutOffFrom() throws IOException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        a.create("vol1", Map.of());
        a.mount("vol1", OLD);
        fence(b, "a", 1);
        assertThat(b.call("/VolumeDriver.Remove", Map.of("Name", "vol1")).err()).isEmpty();
        assertThat(site.pool().resolve("volumes/vol1")).doesNotExist();
        assertThat(site.pool().resolve("work")).isEmptyDirectory();
    }

    @Test
    void handsAMountedVolumeToTheNextClaimOfTheHost() throws IOException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        a.create("vol1", Map.of());
        Path data = Path.of(a.mount("vol1", OLD).mountpoint());
        Files.writeString(data.resolve("file"), "kept");
        assertThat(handOver(b, OLD, NEW).err()).contains("not handed over");
        assertThat(handOver(a, OLD, "docker").err()).contains("not handed over");
        assertThat(handOver(a, OLD, NEW).err()).isEmpty();
        assertThat(handOver(a, OLD, NEW).err()).as("again").isEmpty();
        assertThat(a.mount("vol1", OLD).err()).contains("stale");
        assertThat(a.unmount("vol1", OLD).err()).isEmpty();
        assertThat(data.resolve("file")).hasContent("kept");
        assertThat(a.mount("vol1", NEW).mountpoint()).isEqualTo(data.toString());
        assertThat(a.unmount("vol1", NEW).err()).isEmpty();
        assertThat(b.mount("vol1", "mooring:claim-c:3").err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"xfs", "btrfs"})
    void cutsAWriterOffInAPoolThatDoesNotRefuseItsWrites(String poolType)
            throws IOException, InterruptedException, CommandException {
        poolOn(poolType);
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        assertThat(a.call("/Mooring.Capabilities", "{}").body().path("Class").asText())
                .isEqualTo("B");
        // The copy shares blocks with what it was made of, which changes the sectors of its device: XFS minds that.
        a.create("vol1", Map.of("newfstype", poolType.equals("xfs") ? "xfs" : "ext4"));
        Path data = Path.of(a.mount("vol1", OLD).mountpoint());
        try (Appender old = Appender.on(data.resolve("file"), site.pool().resolveSibling("progress"))) {
            long before = old.lines();
            assertThat(fence(b, "a", 1).err()).isEmpty();
            old.awaitFailure();
            Path moved = Path.of(b.mount("vol1", NEW).mountpoint());
            assertThat(Appender.gaplessLines(moved.resolve("file"))).isGreaterThanOrEqualTo(before);
            Files.writeString(moved.resolve("file"), "mine");
            assertThat(b.unmount("vol1", NEW).err()).isEmpty();
            assertThat(Path.of(b.mount("vol1", NEW).mountpoint(), "file")).hasContent("mine");
        }
        Path former = site.image("vol1");
        site.run("truncate", "-s", "1G", former.toString()); // as if the one who cut had died just before
        assertThat(fence(b, "a", 1).err()).isEmpty();
        assertThat(former).isEmptyFile();
        site.run("truncate", "-s", "8K", former.toString()); // as a write does that was on its way
        assertThat(site.mountsOf("a")).hasSize(1);
        assertThat(unfence(a, "a", 1).err()).isEmpty();
        assertThat(site.mountsOf("a")).isEmpty();
        assertThat(former).doesNotExist();
    }

    @Test
    void cutsNobodyOffInAPoolThatCanNeitherRefuseWritesNorCopyInAnInstant() throws IOException, CommandException {
        Files.createDirectories(site.pool());
        site.run("mount", "-t", "tmpfs", "none", site.pool().toString());
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        assertThat(a.call("/Mooring.Capabilities", "{}").body().path("Class").asText())
                .isEqualTo("C");
        a.create("vol1", Map.of());
        Path data = Path.of(a.mount("vol1", OLD).mountpoint());
        Answer refused = fence(b, "a", 1);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.err()).contains("host a is not cut off", "move it to ext4, xfs or btrfs");
        Files.writeString(data.resolve("file"), "undisturbed");
    }

    private void poolOn(String type) throws IOException, CommandException {
        Path image = site.pool().resolveSibling("pool.img");
        Files.createDirectories(site.pool());
        site.run("truncate", "-s", "2G", image.toString());
        site.run("mkfs." + type, "-q", image.toString());
        site.run("mount", "-o", "loop", image.toString(), site.pool().toString());
    }

    @Test
    void saysWhyADriverOfClassDCannotCutAnybodyOff() throws IOException, CommandException {
        site.close();
        site = Site.of("vfs");
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        a.create("vol1", Map.of());
        a.mount("vol1", OLD);
        for (String call : new String[] {"Detach", "Fence"}) {
            assertThat(b.call("/Mooring." + call, "{\"Name\":\"vol1\",\"Host\":\"a\",\"Fence\":1}")
                            .err())
                    .contains("class D", "release the claim");
        }
        assertThat(verify(b, "a").body().path("Attached").asBoolean()).isTrue();
        assertThat(verify(b, "a").body().path("Fenced").asBoolean(true)).isFalse();
    }

    private void awaitCutting() throws IOException {
        Path record = site.image("vol1").resolveSibling("ownership.json");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Files.readString(record).contains("\"cutting\"")) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    private static boolean canWrite(Path directory) {
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("late").toFile(), "rws")) {
            file.write(1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Answer fence(PluginClient plugin, String host, long fence) {
        String body = "{\"Name\":\"vol1\",\"Host\":\"" + host + "\",\"Fence\":" + fence + "}";
        Answer detached = plugin.call("/Mooring.Detach", body);
        return detached.err().isEmpty() ? plugin.call("/Mooring.Fence", body) : detached;
    }

    private static Answer unfence(PluginClient plugin, String host, long fence) {
        return plugin.call("/Mooring.Unfence", "{\"Name\":\"vol1\",\"Host\":\"" + host + "\",\"Fence\":" + fence + "}");
    }

    private static Answer verify(PluginClient plugin, String host) {
        return plugin.call("/Mooring.Verify", Map.of("Name", "vol1", "Host", host));
    }

    private static Answer handOver(PluginClient plugin, String from, String to) {
        return plugin.call("/Mooring.HandOver", Map.of("Name", "vol1", "From", from, "To", to));
    }
}
