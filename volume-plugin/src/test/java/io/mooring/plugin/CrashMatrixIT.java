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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The plugin is killed between any two steps of a mount and of an unmount, exactly there, and started again: no device is
 * leaked, nothing is mounted twice, no data is lost, and the count is right.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrashMatrixIT {
    /** From the record, by the kernel's steps, to the record again. */
    private static final List<String> MOUNT = List.of(
            "before:mount",
            "before:attach",
            "after:attach",
            "before:mkfs",
            "after:mkfs",
            "before:S10",
            "after:kernel-mount",
            "after:mount");

    private static final List<String> UNMOUNT =
            List.of("before:release", "before:umount", "unmounted", "before:S15", "after:release");
    private static final String CLAIM = "mooring:claim-%d:%d";

    private Site site;
    private PluginProcess plugin;

    @BeforeEach
    void start() throws IOException {
        Requirements.loopDevices();
        site = Site.of("loop");
        plugin = site.start("a");
    }

    @AfterEach
    void close() throws IOException, CommandException {
        if (site != null) {
            site.close();
        }
    }

    private void killAt(String point, String volume, Function<PluginClient, Answer> call)
            throws IOException, InterruptedException {
        killAt(point, volume, call, () -> {});
    }

    /** Unmounted and still attached, as a umount leaves it that is killed before it detaches. */
    private void umountByHand(String volume) {
        try {
            site.run("umount", site.mountRoot("a").resolve(volume).toString());
            assertThat(site.devicesOf(volume).lines()).hasSize(1);
        } catch (CommandException e) {
            throw new IllegalStateException(e);
        }
    }

    private void killAt(String point, String volume, Function<PluginClient, Answer> call, Runnable meanwhile)
            throws IOException, InterruptedException {
        Path armed = site.crashPoints().resolve(point + "@" + volume);
        Path reached = armed.resolveSibling(armed.getFileName() + ".reached");
        Files.createFile(armed);
        PluginClient client = plugin.client();
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> call.apply(client));
        while (!Files.exists(reached)) {
            assertThat(answer).as("%s was passed by: %s", point, answer).isNotDone();
            TimeUnit.MILLISECONDS.sleep(5);
        }
        plugin.kill();
        Files.delete(reached);
        assertThat(answer).as("nobody was answered").failsWithin(30, TimeUnit.SECONDS);
        meanwhile.run();
        plugin = site.start("a");
    }

    private void requireExactlyOne(String volume, String point) throws CommandException {
        assertThat(site.devicesOf(volume).lines()).as("devices after %s", point).hasSize(1);
        assertThat(site.mountsOf("a").stream().filter(mount -> mount.endsWith("/" + volume)))
                .as("mounts after %s", point)
                .hasSize(1);
    }

    private void requireNone(String volume, String point) throws CommandException {
        assertThat(site.devicesOf(volume)).as("devices after %s", point).isEmpty();
        assertThat(site.mountsOf("a")).as("mounts after %s", point).noneMatch(mount -> mount.endsWith("/" + volume));
        assertThat(attachment(volume).isNull()).as("record after %s", point).isTrue();
    }

    private JsonNode attachment(String volume) {
        return plugin.client()
                .call("/Mooring.Volumes", Map.of("Name", volume))
                .body()
                .path("Volumes")
                .path(0)
                .path("Attachment");
    }

    private List<String> uses(String volume) {
        List<String> uses = new ArrayList<>();
        attachment(volume).path("MountIds").forEach(id -> uses.add(id.asText()));
        return uses;
    }

    /** A volume that has never been mounted, so that its mount goes through every step. */
    @Test
    void comesBackFromADeathAnywhereInAMount() throws IOException, CommandException, InterruptedException {
        for (String point : MOUNT) {
            String volume = "new-" + MOUNT.indexOf(point);
            String id = CLAIM.formatted(MOUNT.indexOf(point), 1);
            plugin.client().create(volume, Map.of());

            killAt(point, volume, client -> client.mount(volume, id));

            Answer again = plugin.client().mount(volume, id);
            assertThat(again.err()).as(point).isEmpty();
            requireExactlyOne(volume, point);
            assertThat(uses(volume)).as("count after %s", point).containsExactly(id);
            Files.writeString(Path.of(again.mountpoint(), "file"), "kept");
            assertThat(plugin.client().unmount(volume, id).err()).as(point).isEmpty();
            requireNone(volume, point);
            assertThat(Path.of(
                            plugin.client().mount(volume, CLAIM.formatted(9, 2)).mountpoint(), "file"))
                    .hasContent("kept");
        }
    }

    @Test
    void comesBackFromADeathAnywhereInAnUnmount() throws IOException, CommandException, InterruptedException {
        for (String point : UNMOUNT) {
            String volume = "old-" + UNMOUNT.indexOf(point);
            String id = CLAIM.formatted(UNMOUNT.indexOf(point), 1);
            plugin.client().create(volume, Map.of());
            Files.writeString(Path.of(plugin.client().mount(volume, id).mountpoint(), "file"), "kept");

            if (point.equals("unmounted")) {
                killAt("before:umount", volume, client -> client.unmount(volume, id), () -> umountByHand(volume));
            } else {
                killAt(point, volume, client -> client.unmount(volume, id), () -> {});
            }

            assertThat(plugin.client().unmount(volume, id).err()).as(point).isEmpty();
            requireNone(volume, point);
            Answer next = plugin.client().mount(volume, CLAIM.formatted(9, 2));
            assertThat(Path.of(next.mountpoint(), "file")).as(point).hasContent("kept");
            requireExactlyOne(volume, point);
        }
    }

    /** The second user's mount, and the first user's unmount, touch nothing of the kernel's, and are counted once. */
    @Test
    void countsRightWhenItDiesWhileOthersUseTheVolume() throws IOException, CommandException, InterruptedException {
        plugin.client().create("shared", Map.of());
        Path mounted = Path.of(plugin.client().mount("shared", "one").mountpoint());
        Files.writeString(mounted.resolve("file"), "kept");
        for (String point : List.of("before:mount", "after:mount")) {
            killAt(point, "shared", client -> client.mount("shared", "two"));
            assertThat(plugin.client().mount("shared", "two").mountpoint()).isEqualTo(mounted.toString());
            assertThat(uses("shared")).as(point).containsExactly("one", "two");
            requireExactlyOne("shared", point);
            assertThat(plugin.client().unmount("shared", "two").err()).isEmpty();
            assertThat(uses("shared")).as(point).containsExactly("one");
        }
        killAt("before:umount", "shared", client -> client.unmount("shared", "one"));
        assertThat(mounted.resolve("file")).as("it was not unmounted yet").hasContent("kept");
        assertThat(plugin.client().unmount("shared", "one").err()).isEmpty();
        requireNone("shared", "the last unmount");
    }
}
