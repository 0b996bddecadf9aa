package io.mooring.plugin.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.site.Answer;
import io.mooring.plugin.site.PluginClient;
import io.mooring.plugin.site.PluginProcess;
import io.mooring.plugin.site.Requirements;
import io.mooring.plugin.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The driver for VirtualBox, against a double of its web service; the devices are real. */
class VirtualBoxIT {
    private Site site;
    private VirtualBoxDouble box;
    private Disks disks;

    @BeforeEach
    void open() throws IOException {
        Requirements.loopDevices();
        site = Site.of("virtualbox");
        disks = new Disks(site, site.pool().resolveSibling("disks"));
        box = new VirtualBoxDouble(disks);
    }

    @AfterEach
    void close() throws IOException, CommandException {
        if (site != null) {
            box.close();
            site.close();
        }
    }

    private String[] configuration(String password) throws IOException {
        return new String[] {
            "virtualbox.endpoint: " + box.endpoint(),
            "virtualbox.volumePath: /Users/youruser/VirtualBox Volumes",
            "virtualbox.controllerName: SATA",
            "virtualbox.localMachineNameOrId: node-1",
            "virtualbox.userName: vbox",
            "virtualbox.password: '" + password + "'",
            "virtualbox.diskIDPath: " + disks.byId(),
            "virtualbox.scsiHostPath: /nonexistent"
        };
    }

    @Test
    void takesADiskThroughItsLife() throws IOException, CommandException {
        PluginClient plugin = site.start("a", configuration("s<cret&")).client();
        assertThat(plugin.create("vol1", Map.of("size", "1")).err()).isEmpty();
        assertThat(box.has("vol1")).isTrue();
        Path mounted = Path.of(plugin.mount("vol1", "mooring:claim-a:1").mountpoint());
        assertThat(mounted).isEqualTo(site.mountRoot("a").resolve("vol1/data"));
        Files.writeString(mounted.resolve("file"), "kept");
        assertThat(site.mountsOf("a")).hasSize(1);
        assertThat(plugin.call("/VolumeDriver.Remove", Map.of("Name", "vol1")).err())
                .contains("in use by host a");

        assertThat(plugin.unmount("vol1", "mooring:claim-a:1").err()).isEmpty();
        assertThat(site.mountsOf("a")).isEmpty();
        assertThat(disks.byId()).isEmptyDirectory();

        Path again = Path.of(plugin.mount("vol1", "mooring:claim-b:2").mountpoint());
        assertThat(again.resolve("file")).hasContent("kept");
        assertThat(plugin.unmount("vol1", "mooring:claim-b:2").err()).isEmpty();
        assertThat(plugin.call("/VolumeDriver.Remove", Map.of("Name", "vol1")).err())
                .isEmpty();
        assertThat(box.has("vol1")).isFalse();
        assertThat(box.openSessions()).as("each call logs off").isZero();
        assertThat(plugin.call("/Mooring.Capabilities", "{}")
                        .body()
                        .path("Class")
                        .asText())
                .isEqualTo("C");
    }

    @Test
    void refusesADiskThatAnotherMachineHasAndSaysWhatTheServiceSays() throws IOException {
        PluginClient plugin = site.start("a", configuration("s<cret&")).client();
        plugin.create("vol1", Map.of("size", "1"));
        box.attachElsewhere("vol1");
        Answer refused = plugin.mount("vol1", "one");
        assertThat(refused.err()).contains("is attached to [" + VirtualBoxDouble.OTHER + "]", "virtualbox says");
        box.freeElsewhere("vol1");
        assertThat(plugin.mount("vol1", "one").err()).isEmpty();
        assertThat(plugin.unmount("vol1", "one").err()).isEmpty();

        box.failNextProgress("VERR_DISK_FULL on the host");
        assertThat(plugin.create("vol2", Map.of("size", "1")).err()).contains("VERR_DISK_FULL on the host");
        assertThat(plugin.call("/VolumeDriver.Get", Map.of("Name", "vol2")).err())
                .contains("no such volume");
        assertThat(plugin.create("copy", Map.of("volumeName", "vol1")).err()).contains("makes no copies");
    }

    @Test
    void takesADiskThatIsThereAlreadyAsItIs() throws IOException {
        PluginClient a = site.start("a", configuration("s<cret&")).client();
        a.create("vol1", Map.of("size", "1"));
        assertThat(a.create("vol1", Map.of("size", "1")).err()).isEmpty();
        assertThat(box.calls().stream().filter(call -> call.startsWith("IVirtualBox_createMedium")))
                .hasSize(1);
        assertThat(a.create("vol1", Map.of("size", "2")).err()).contains("already exists");
    }

    @Test
    void doesNotStartWithoutALoginAndNeverShowsThePassword() throws IOException {
        PluginProcess plugin = site.launch("a", configuration("wrong-s3cret"));
        assertThat(plugin.exitCode()).isEqualTo(1);
        assertThat(plugin.log()).contains("authentication failed").doesNotContain("wrong-s3cret");
    }
}
