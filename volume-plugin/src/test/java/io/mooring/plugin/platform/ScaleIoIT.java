package io.mooring.plugin.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.site.PluginClient;
import io.mooring.plugin.site.PluginProcess;
import io.mooring.plugin.site.Requirements;
import io.mooring.plugin.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver for ScaleIO, against a double of its gateway; the devices are real. */
class ScaleIoIT {
    private static SSLContext tls;

    private Site site;
    private ScaleIoDouble gateway;
    private Disks disks;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws IOException, GeneralSecurityException {
        tls = OwnCertificate.in(directory);
    }

    @BeforeEach
    void open() throws IOException {
        Requirements.loopDevices();
        site = Site.of("scaleio");
        disks = new Disks(site, site.pool().resolveSibling("disks"));
        gateway = new ScaleIoDouble(disks, tls);
    }

    @AfterEach
    void close() throws IOException, CommandException {
        if (site != null) {
            gateway.close();
            site.close();
        }
    }

    private String[] configuration(String password, String pool) throws IOException {
        return configuration(password, pool, true);
    }

    private String[] configuration(String password, String pool, boolean insecure) throws IOException {
        return new String[] {
            "scaleio.endpoint: " + gateway.endpoint(),
            "scaleio.insecure: " + insecure,
            "scaleio.userName: admin",
            "scaleio.password: " + password,
            "scaleio.systemName: lab",
            "scaleio.protectionDomainName: domain1",
            "scaleio.storagePoolName: " + pool,
            "scaleio.thinOrThick: ThinProvisioned",
            "scaleio.guid: " + ScaleIoDouble.GUID.toLowerCase(java.util.Locale.ROOT),
            "scaleio.diskIDPath: " + disks.byId()
        };
    }

    @Test
    void takesAVolumeThroughItsLife() throws IOException, CommandException {
        PluginClient plugin =
                site.start("a", configuration("Scaleio123", "pool2")).client();
        assertThat(plugin.create("vol1", Map.of("size", "1", "newFsType", "ext4"))
                        .err())
                .isEmpty();
        Path mounted = Path.of(plugin.mount("vol1", "mooring:claim-a:1").mountpoint());
        Files.writeString(mounted.resolve("file"), "kept");
        assertThat(gateway.calls())
                .anyMatch(call -> call.contains("action/addMappedSdc")
                        && call.contains(
                                "\"sdcId\":\"" + ScaleIoDouble.SDC + "\",\"allowMultipleMappings\":\"false\""));
        assertThat(plugin.unmount("vol1", "mooring:claim-a:1").err()).isEmpty();
        assertThat(disks.byId()).isEmptyDirectory();

        gateway.forgetToken();
        assertThat(plugin.create("copy", Map.of("volumeName", "vol1")).err()).isEmpty();
        assertThat(gateway.logins()).as("logged in again with a token too old").isEqualTo(2);
        assertThat(gateway.has("copy")).isTrue();
        assertThat(Path.of(plugin.mount("copy", "1").mountpoint(), "file")).hasContent("kept");
        assertThat(Path.of(plugin.mount("vol1", "2").mountpoint(), "file"))
                .as("both at once, though one is the other's copy")
                .hasContent("kept");
        for (String name : new String[] {"copy", "vol1"}) {
            assertThat(plugin.unmount(name, name.equals("copy") ? "1" : "2").err())
                    .isEmpty();
            assertThat(plugin.call("/VolumeDriver.Remove", Map.of("Name", name)).err())
                    .isEmpty();
            assertThat(gateway.has(name)).isFalse();
        }
        assertThat(site.mountsOf("a")).isEmpty();
    }

    @Test
    void refusesAVolumeThatAnotherMachineHas() throws IOException {
        PluginClient plugin =
                site.start("a", configuration("Scaleio123", "pool2")).client();
        plugin.create("vol1", Map.of("size", "1"));
        gateway.mapElsewhere("vol1");
        assertThat(plugin.mount("vol1", "one").err()).contains("is attached to [" + ScaleIoDouble.OTHER_SDC + "]");
        assertThat(plugin.call("/VolumeDriver.Remove", Map.of("Name", "vol1")).err())
                .contains("is attached to");
        gateway.unmapElsewhere("vol1");
        assertThat(plugin.call("/VolumeDriver.Remove", Map.of("Name", "vol1")).err())
                .isEmpty();
        assertThat(plugin.create("a-name-of-more-than-thirty-one-letters", Map.of("size", "1"))
                        .err())
                .contains("longer than the 31");
        assertThat(plugin.call("/Mooring.Capacity", "{}")
                        .body()
                        .path("TotalBytes")
                        .asLong())
                .isEqualTo(101L << 30);
    }

    @Test
    void saysWhatIsMissingInItsConfiguration() throws IOException {
        PluginProcess wrongPool = site.launch("a", configuration("Scaleio123", "nowhere"));
        assertThat(wrongPool.exitCode()).isEqualTo(1);
        assertThat(wrongPool.log()).contains("0 storage pools of id or name 'nowhere'");
        PluginProcess wrongPassword = site.launch("b", configuration("guess3d", "pool2"));
        assertThat(wrongPassword.exitCode()).isEqualTo(1);
        assertThat(wrongPassword.log()).contains("refused login: Unauthorized").doesNotContain("guess3d");
        PluginProcess careful = site.launch("c", configuration("Scaleio123", "pool2", false));
        assertThat(careful.exitCode()).as("nobody vouches for the gateway").isEqualTo(1);
        assertThat(careful.log()).contains("certification path");
    }
}
