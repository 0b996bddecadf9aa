package io.mooring.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two plugin processes as two hosts over one pool. */
class SharedPoolIT {
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
    void movesTheVolumeWithItsDataAndOnlyAfterItWasUnmounted() throws IOException {
        PluginClient a = site.start("a").client();
        PluginClient b = site.start("b").client();
        a.create("vol1", Map.of());
        Files.writeString(Path.of(a.mount("vol1", "mooring:claim-a:1").mountpoint(), "file"), "moved");

        Answer refused = b.mount("vol1", "mooring:claim-b:2");
        assertThat(refused.status()).isEqualTo(500);
        assertThat(refused.err()).contains("in use by host a since 20", "claim claim-a, fence 1");
        assertThat(b.unmount("vol1", "mooring:claim-a:1").err()).isEmpty();
        JsonNode attachment =
                b.call("/Mooring.Volumes", "{}").body().path("Volumes").path(0).path("Attachment");
        assertThat(attachment.path("Host").asText()).isEqualTo("a");
        assertThat(attachment.path("Fence").asLong()).isEqualTo(1);
        assertThat(attachment.path("ClaimId").asText()).isEqualTo("claim-a");
        assertThat(attachment.path("Device").asText()).startsWith("/dev/loop");

        assertThat(a.unmount("vol1", "mooring:claim-a:1").err()).isEmpty();
        assertThat(Path.of(b.mount("vol1", "mooring:claim-b:2").mountpoint(), "file"))
                .hasContent("moved");
        assertThat(a.mount("vol1", "mooring:claim-a:1").err()).contains("fence 1", "stale");
        assertThat(a.mount("vol1", "docker").err()).contains("in use by host b");
    }

    @Test
    void letsExactlyOneOfManyConcurrentMountsWin() throws IOException, CommandException {
        List<PluginClient> hosts =
                List.of(site.start("a").client(), site.start("b").client());
        hosts.get(0).create("vol1", Map.of());
        List<CompletableFuture<Answer>> answers = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> hosts.get(i % 2).mount("vol1", "mooring:claim-" + i + ":" + 1)))
                .toList();
        assertThat(answers.stream().map(CompletableFuture::join).filter(answer -> answer.status() == 200))
                .hasSize(1);
        assertThat(site.devicesOf("vol1").lines()).hasSize(1);
    }

    @Test
    void createsOneVolumeWhenTwoHostsCreateIt() throws IOException {
        List<PluginClient> hosts =
                List.of(site.start("a").client(), site.start("b").client());
        List<CompletableFuture<Answer>> answers = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> hosts.get(i % 2).create(i % 3 == 0 ? "VOL1" : "vol1", Map.of("size", "1"))))
                .toList();
        assertThat(answers.stream().map(CompletableFuture::join).map(Answer::err))
                .containsOnly("");
        assertThat(hosts.get(0).call("/VolumeDriver.List", "{}").body().path("Volumes"))
                .hasSize(1);
    }

    @Test
    void keepsTheVolumeForItsHostWhileThatHostsPluginIsDown() throws IOException {
        PluginProcess a = site.start("a");
        PluginClient b = site.start("b").client();
        a.client().create("vol1", Map.of());
        a.client().mount("vol1", "mooring:claim-a:1");
        a.kill();
        assertThat(b.mount("vol1", "mooring:claim-b:2").err()).contains("in use by host a");
        assertThat(b.call("/VolumeDriver.Remove", Map.of("Name", "vol1")).err()).contains("in use by host a");
    }

    @Test
    void refusesASecondProcessForTheSameHost() throws IOException {
        site.start("a");
        PluginProcess second = site.launch("a");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.log()).contains("another plugin process acts for host a");
    }

    @Test
    void neverTakesFromAClaimEvenWithPreempt() throws IOException {
        PluginClient a = site.start("a").client();
        PluginProcess b = site.start("b", "libstorage.integration.volume.operations.mount.preempt: true");
        a.create("vol1", Map.of());
        a.mount("vol1", "mooring:claim-a:1");
        assertThat(b.client().mount("vol1", "docker").err()).contains("never takes a volume from a claim");
        assertThat(b.log()).contains("mount.preempt is on");
    }

    /** As the storage drivers of REX-Ray do it, but for the old host: it is cut off before the new one writes. */
    @Test
    void takesAVolumeFromADockerCallerOfAnotherHostWhenToldTo() throws IOException, CommandException {
        String preempt = "libstorage.integration.volume.operations.mount.preempt: true";
        PluginClient a = site.start("a", preempt).client();
        PluginClient b = site.start("b", preempt).client();
        PluginClient polite = site.start("c").client();
        a.create("vol1", Map.of());
        Path old = Path.of(a.mount("vol1", "one").mountpoint());
        Files.writeString(old.resolve("file"), "written by a");
        site.run("sync", "-f", old.toString());
        assertThat(polite.mount("vol1", "two").err()).contains("in use by host a");

        Path taken = Path.of(b.mount("vol1", "two").mountpoint());

        assertThat(taken.resolve("file")).hasContent("written by a");
        assertThatThrownBy(() -> {
                    Files.writeString(old.resolve("late"), "must not arrive");
                    site.run("sync", "-f", old.toString());
                })
                .as("a was cut off")
                .isInstanceOfAny(IOException.class, AssertionError.class);
        Files.writeString(taken.resolve("file"), "written by b");
        site.run("sync", "-f", taken.toString());
        assertThat(polite.mount("vol1", "three").err()).contains("in use by host b");
        assertThat(a.unmount("vol1", "one").err()).isEmpty();
        assertThat(site.mountsOf("a")).isEmpty();

        Path back = Path.of(a.mount("vol1", "four").mountpoint());
        assertThat(back.resolve("file")).hasContent("written by b");
        assertThat(back.resolve("late")).doesNotExist();
        assertThat(b.unmount("vol1", "two").err()).isEmpty();
        assertThat(a.unmount("vol1", "four").err()).isEmpty();
        assertThat(b.mount("vol1", "mooring:claim-b:1").err()).isEmpty();
    }
}
