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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that hangs, one that is not installed, and one that somebody else runs at the same moment. */
class SlowVolumeIT {
    private static final Duration HANGS = Duration.ofSeconds(4);

    private Site site;
    private PluginAssembly plugin;
    private PluginClient client;
    private Path programs;

    @BeforeEach
    void open() throws IOException, ConfigException, VolumeException {
        Requirements.loopDevices();
        site = Site.of("loop");
        Path home = Files.createDirectories(site.pluginDirectory("a")).getParent();
        programs = Files.createDirectory(home.resolve("programs"));
        for (String program : List.of("losetup", "mount", "umount", "blkid", "du", "cp", "chattr", "mkfs.ext4")) {
            Path real = Programs.ofTheSystem().find(program).orElseThrow();
            Files.createSymbolicLink(programs.resolve(program), real);
        }
        script("mkfs.btrfs", "exec sleep 300");
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
                new Deadlines(ample, HANGS, HANGS, HANGS, Duration.ofSeconds(3)));
        plugin.start();
        client = new PluginClient(site.pluginDirectory("a").resolve("loop.sock"));
    }

    /** In place of a program of the system. */
    private void script(String program, String line) throws IOException {
        Path file = programs.resolve(program);
        Files.deleteIfExists(file);
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** It hangs for the volume {@code slow} only. */
    private void hang(String program) throws IOException {
        script(
                program,
                "case \"$*\" in */slow*) exec sleep 300;; esac; exec "
                        + Programs.ofTheSystem().find(program).orElseThrow() + " \"$@\"");
    }

    private void restore(String program) throws IOException {
        Files.delete(programs.resolve(program));
        Files.createSymbolicLink(
                programs.resolve(program), Programs.ofTheSystem().find(program).orElseThrow());
    }

    /** The other volume goes through its whole life meanwhile; once the program works again, so does the first. */
    @ParameterizedTest
    @ValueSource(strings = {"mount", "umount"})
    void servesOtherVolumesWhileAMountOrAnUnmountHangs(String program) throws IOException, CommandException {
        client.create("slow", Map.of());
        client.create("fast", Map.of());
        if (program.equals("umount")) {
            assertThat(client.mount("slow", "mooring:c1:1").err()).isEmpty();
        }
        hang(program);
        CompletableFuture<Answer> hanging = CompletableFuture.supplyAsync(() -> program.equals("mount")
                ? client.mount("slow", "mooring:c1:1")
                : client.unmount("slow", "mooring:c1:1"));
        assertThat(client.mount("fast", "1").err()).isEmpty();
        assertThat(client.unmount("fast", "1").err()).isEmpty();
        assertThat(client.call("/VolumeDriver.List", "{}").body().path("Volumes"))
                .hasSize(2);

        assertThat(hanging.join().err()).contains(program + " has not ended after 4 s and was killed");
        restore(program);
        assertThat(client.mount("slow", "mooring:c1:1").err()).isEmpty();
        assertThat(site.devicesOf("slow").lines()).hasSize(1);
        assertThat(client.unmount("slow", "mooring:c1:1").err()).isEmpty();
        assertThat(site.devicesOf("slow")).isEmpty();
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

        assertThat(hanging.join().err()).contains("mkfs.btrfs has not ended after 4 s and was killed");
        assertThat(client.call("/Mooring.InFlight", Map.of("Name", "slow"))
                        .body()
                        .path("Operations"))
                .isEmpty();
        assertThat(site.devicesOf("slow")).isEmpty();
    }

    /** No look before it can show that; and a file on two devices has two caches that know nothing of each other. */
    @Test
    void findsThatSomebodyElseAttachedTheFileAtTheSameMoment() throws IOException, CommandException {
        client.create("slow", Map.of());
        Path losetup = Programs.ofTheSystem().find("losetup").orElseThrow();
        script(
                "losetup",
                "case \"$*\" in *--find*) " + losetup + " --find " + site.image("slow") + ";; esac; exec " + losetup
                        + " \"$@\"");
        assertThat(client.mount("slow", "mooring:c1:1").err())
                .contains("was attached to /dev/loop", "by somebody else");
        assertThat(site.mountsOf("a")).isEmpty();

        restore("losetup");
        assertThat(client.mount("slow", "mooring:c1:1").err()).isEmpty();
        assertThat(site.devicesOf("slow").lines()).hasSize(1);
    }

    @Test
    void namesThePackageOfAMissingProgramBeforeAnythingIsCreated() {
        assertThat(client.create("vol1", Map.of("newfstype", "xfs")).err())
                .contains("mkfs.xfs is missing", "Debian package xfsprogs");
        assertThat(site.image("vol1").getParent()).doesNotExist();
    }
}
