package io.mooring.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.site.PluginClient;
import io.mooring.plugin.site.PluginProcess;
import io.mooring.plugin.site.Requirements;
import io.mooring.plugin.site.Site;
import java.io.IOException;
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

/** The plugin dies, in every manner; what it held must be neither lost nor leaked. */
class RecoveryIT {
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

    @Test
    void keepsMountsAndCountsOverAnOrderlyRestart() throws IOException, CommandException {
        PluginProcess first = site.start("a");
        first.client().create("vol1", Map.of());
        Path mounted = Path.of(first.client().mount("vol1", "one").mountpoint());
        first.client().mount("vol1", "two");
        Files.writeString(mounted.resolve("file"), "kept");
        assertThat(first.stop()).isZero();
        assertThat(site.pluginDirectory("a")).isEmptyDirectory();
        assertThat(mounted.resolve("file")).hasContent("kept");

        assertUsesAreStillCounted(site.start("a").client(), mounted);
    }

    @Test
    void keepsMountsAndCountsOverAKill() throws IOException, CommandException {
        PluginProcess first = site.start("a");
        first.client().create("vol1", Map.of());
        Path mounted = Path.of(first.client().mount("vol1", "one").mountpoint());
        first.client().mount("vol1", "two");
        Files.writeString(mounted.resolve("file"), "kept");
        first.kill();
        assertThat(site.pluginDirectory("a").resolve("loop.sock")).exists();

        assertUsesAreStillCounted(site.start("a").client(), mounted);
    }

    private void assertUsesAreStillCounted(PluginClient plugin, Path mounted) throws CommandException {
        assertThat(plugin.call("/VolumeDriver.Path", Map.of("Name", "vol1")).mountpoint())
                .isEqualTo(mounted.toString());
        assertThat(plugin.unmount("vol1", "one").err()).isEmpty();
        assertThat(mounted.resolve("file")).hasContent("kept");
        assertThat(plugin.unmount("vol1", "two").err()).isEmpty();
        assertThat(site.devicesOf("vol1")).isEmpty();
    }

    /** Killed after so many milliseconds, the plugin dies between any two steps of a mount. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 10, 15, 20, 25, 30, 35, 40, 50, 60, 80})
    void leavesNoDeviceAndNoDoubleMountWhenKilledWhileMounting(int millis)
            throws IOException, CommandException, InterruptedException {
        PluginProcess first = site.start("a");
        first.client().create("vol1", Map.of("newfstype", "xfs"));
        CompletableFuture<Void> mounting =
                CompletableFuture.runAsync(() -> first.client().mount("vol1", "one"));
        TimeUnit.MILLISECONDS.sleep(millis);
        first.kill();
        mounting.exceptionally(cut -> null).join();

        PluginClient second = site.start("a").client();
        String mounted = "";
        for (int i = 0; i < 50 && mounted.isEmpty(); i++) { // a mkfs that outlived the plugin has to end first
            mounted = second.mount("vol1", "one").mountpoint();
            TimeUnit.MILLISECONDS.sleep(mounted.isEmpty() ? 50 : 0);
        }
        Files.writeString(Path.of(mounted, "file"), "kept");
        assertThat(site.devicesOf("vol1").lines()).hasSize(1);
        assertThat(site.mountsOf("a")).hasSize(1);
        assertThat(second.unmount("vol1", "one").err()).isEmpty();
        assertThat(site.devicesOf("vol1")).isEmpty();
        assertThat(site.mountsOf("a")).isEmpty();
    }

    @Test
    void clearsRecordsOfAnEarlierBootOfItsHost() throws IOException, CommandException {
        PluginProcess before = site.start("a", "loop.bootId: boot-1");
        before.client().create("vol1", Map.of());
        before.client().mount("vol1", "mooring:claim-a:4");
        before.kill();

        PluginClient after = site.start("a", "loop.bootId: boot-2").client();
        assertThat(after.call("/Mooring.Volumes", "{}")
                        .body()
                        .path("Volumes")
                        .path(0)
                        .path("Attachment")
                        .isNull())
                .isTrue();
        assertThat(site.devicesOf("vol1")).isEmpty();
        assertThat(after.mount("vol1", "mooring:claim-old:3").err()).contains("stale");
        assertThat(after.mount("vol1", "mooring:claim-b:5").err()).isEmpty();
    }

    @Test
    void neverAnswersUnmountWithSuccessWhileAForeignNamespaceHoldsTheVolume()
            throws IOException, CommandException, InterruptedException {
        PluginProcess plugin = site.start("a");
        plugin.client().create("vol1", Map.of());
        plugin.client().mount("vol1", "one");
        Process foreign = new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sleep", "300").start();
        try {
            awaitNamespace(foreign);
            String err = plugin.client().unmount("vol1", "one").err();
            assertThat(err).contains("is not detached", "/dev/loop", "pid " + foreign.pid());
            assertThat(plugin.client().unmount("vol1", "one").err()).contains("is not detached");
            assertThat(plugin.client().mount("vol1", "mooring:claim-a:1").status())
                    .isEqualTo(500);
            assertThat(site.start("b").client().mount("vol1", "x").err()).contains("in use by host a");
            plugin.kill();
            assertThat(site.start("a").client().unmount("vol1", "one").err()).contains("is not detached");
        } finally {
            foreign.destroyForcibly().waitFor();
        }
        PluginClient recovered = new PluginClient(site.pluginDirectory("a").resolve("loop.sock"));
        assertThat(recovered.unmount("vol1", "one").err()).isEmpty();
        assertThat(site.devicesOf("vol1")).isEmpty();
        assertThat(recovered.mount("vol1", "mooring:claim-a:1").err()).isEmpty();
    }

    @Test
    void saysWhoKeepsTheVolumeBusy() throws IOException, CommandException, InterruptedException {
        PluginClient plugin = site.start("a").client();
        plugin.create("vol1", Map.of());
        Path mounted = Path.of(plugin.mount("vol1", "one").mountpoint());
        Process user =
                new ProcessBuilder("sleep", "300").directory(mounted.toFile()).start();
        try {
            assertThat(plugin.unmount("vol1", "one").err())
                    .contains("cannot unmount", "pid " + user.pid() + " (sleep)");
            assertThat(plugin.call("/VolumeDriver.Path", Map.of("Name", "vol1")).mountpoint())
                    .isEqualTo(mounted.toString());
        } finally {
            user.destroyForcibly().waitFor();
        }
        assertThat(plugin.unmount("vol1", "one").err()).isEmpty();
    }

    /** The namespace is a copy once its link differs from ours. */
    private static void awaitNamespace(Process process) throws IOException, InterruptedException {
        Path ours = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"));
        Path theirs = Path.of("/proc/" + process.pid() + "/ns/mnt");
        for (int i = 0; i < 200; i++) {
            if (!Files.readSymbolicLink(theirs).equals(ours)
                    && Files.readString(Path.of("/proc/" + process.pid() + "/comm"))
                            .startsWith("sleep")) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        throw new AssertionError("no new mount namespace");
    }
}
