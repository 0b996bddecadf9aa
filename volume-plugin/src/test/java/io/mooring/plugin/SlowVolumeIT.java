package io.mooring.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.plugin.app.PluginAssembly;
import io.mooring.plugin.backend.loop.Deadlines;
import io.mooring.plugin.config.ConfigException;
import io.mooring.plugin.config.ConfigReader;
import io.mooring.plugin.config.Sources;
import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.process.Programs;
import io.mooring.plugin.site.Answer;
import io.mooring.plugin.site.PluginClient;
import io.mooring.plugin.site.Requirements;
import io.mooring.plugin.site.Site;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A program that hangs, and one that is not installed. */
class SlowVolumeIT {
    private Site site;
    private PluginAssembly plugin;
    private PluginClient client;

    @BeforeEach
    void open() throws IOException, ConfigException, VolumeException {
        Requirements.loopDevices();
        site = Site.of("loop");
        Path home = Files.createDirectories(site.pluginDirectory("a")).getParent();
        Path programs = Files.createDirectory(home.resolve("programs"));
        for (String program : List.of("losetup", "mount", "umount", "blkid", "du", "cp", "chattr", "mkfs.ext4")) {
            Path real = Programs.ofTheSystem().find(program).orElseThrow();
            Files.createSymbolicLink(programs.resolve(program), real);
        }
        Path hanging = Files.writeString(programs.resolve("mkfs.btrfs"), "#!/bin/sh\nexec sleep 300\n");
        Files.setPosixFilePermissions(hanging, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path config = Files.write(
                home.resolve("config.yml"),
                List.of(
                        "libstorage.service: loop",
                        "libstorage.integration.volume.operations.create.default.size: 1",
                        "libstorage.integration.volume.operations.mount.path: " + site.mountRoot("a"),
                        "loop.pool: " + site.pool(),
                        "loop.host: a"));
        Duration ample = Duration.ofSeconds(30);
        plugin = PluginAssembly.build(
                ConfigReader.read(Sources.of(List.of(config), Map.of(), Map.of()), site.pluginDirectory("a")),
                new Programs(List.of(programs)),
                new Deadlines(ample, Duration.ofSeconds(2), ample, ample, Duration.ofSeconds(3)));
        plugin.start();
        client = new PluginClient(site.pluginDirectory("a").resolve("loop.sock"));
    }

    @Test
    void tellsWhichFileSystemsCannotBeMadeAndWhatWouldHelp() throws IOException {
        JsonNode cannotMake = client.call("/Mooring.Capabilities", "{}").body().path("CannotMake");
        assertThat(cannotMake.path("xfs").asText()).contains("mkfs.xfs", "Debian package xfsprogs");
        assertThat(cannotMake.has("ext4")).isFalse();
    }

    @AfterEach
    void close() throws IOException, CommandException {
        if (plugin != null) {
            plugin.close();
        }
        if (site != null) {
            site.close();
        }
    }

    @Test
    void servesOtherVolumesWhileOneHangsAndGivesItUpAtItsDeadline() throws InterruptedException, CommandException {
        assertThat(client.create("slow", Map.of("newfstype", "btrfs")).err()).isEmpty();
        client.create("fast", Map.of());
        CompletableFuture<Answer> hanging = CompletableFuture.supplyAsync(() -> client.mount("slow", "mooring:c1:1"));
        TimeUnit.MILLISECONDS.sleep(500);
        JsonNode operations =
                client.call("/Mooring.InFlight", Map.of("Name", "slow")).body().path("Operations");
        assertThat(operations.path(0).path("Op").asText()).isEqualTo("Mount");
        assertThat(client.mount("fast", "1").err()).isEmpty();
        assertThat(client.call("/VolumeDriver.List", "{}").body().path("Volumes"))
                .hasSize(2);
        assertThat(client.call("/VolumeDriver.Get", Map.of("Name", "slow")).status())
                .isEqualTo(200);
        assertThat(hanging).isNotDone();

        assertThat(hanging.join().err()).contains("mkfs.btrfs has not ended after 2 s and was killed");
        assertThat(client.call("/Mooring.InFlight", Map.of("Name", "slow"))
                        .body()
                        .path("Operations"))
                .isEmpty();
        assertThat(site.devicesOf("slow")).isEmpty();
    }

    @Test
    void namesThePackageOfAMissingProgramBeforeAnythingIsCreated() {
        assertThat(client.create("vol1", Map.of("newfstype", "xfs")).err())
                .contains("mkfs.xfs is missing", "Debian package xfsprogs");
        assertThat(site.image("vol1").getParent()).doesNotExist();
    }
}
