package io.mooring.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.site.DockerEngine;
import io.mooring.plugin.site.NamespacedHost;
import io.mooring.plugin.site.PluginProcess;
import io.mooring.plugin.site.Requirements;
import io.mooring.plugin.site.Site;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two real Docker Engines as two hosts, each with this plugin in its own network and mount namespace, over one pool. The
 * second host's plugin preempts.
 */
class DockerClientIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String QUIET = "libstorage.integration.volume.operations.unmount.unusedAfter: 3s";
    private static final String PREEMPT = "libstorage.integration.volume.operations.mount.preempt: true";
    private static final String IMAGE = "box";

    private static Site site;
    private static NamespacedHost first;
    private static NamespacedHost second;
    private static PluginProcess pluginOfFirst;
    private static PluginProcess pluginOfSecond;
    private static DockerEngine a;
    private static DockerEngine b;

    @BeforeAll
    static void open() throws IOException {
        Requirements.loopDevices();
        Requirements.dockerEngine();
        site = Site.of("loop");
        first = NamespacedHost.start("host-a", site.pluginDirectory("a"));
        second = NamespacedHost.start("host-b", site.pluginDirectory("b"));
        pluginOfFirst = site.launch(first.inside(), "a", QUIET);
        pluginOfSecond = site.launch(second.inside(), "b", QUIET, PREEMPT);
        pluginOfFirst.awaitReady();
        pluginOfSecond.awaitReady();
        a = DockerEngine.start(site.directory().resolve("e"), first.inside(), "--bridge=none");
        b = DockerEngine.start(site.directory().resolve("f"), second.inside(), "--bridge=none");
        a.importImage(IMAGE);
        b.importImage(IMAGE);
    }

    @AfterAll
    static void close() throws IOException, CommandException {
        for (DockerEngine engine : new DockerEngine[] {a, b}) {
            if (engine != null) {
                engine.close();
            }
        }
        if (site != null) {
            for (PluginProcess plugin : new PluginProcess[] {pluginOfFirst, pluginOfSecond}) {
                if (plugin != null) {
                    plugin.kill();
                }
            }
            for (NamespacedHost host : new NamespacedHost[] {first, second}) {
                if (host != null) {
                    host.close();
                }
            }
            site.close();
        }
    }

    @AfterEach
    void removeContainers() throws IOException {
        for (DockerEngine engine : List.of(a, b)) {
            for (String id : engine.docker("ps", "--all", "--quiet").lines().toList()) {
                engine.docker("rm", "--force", id);
            }
        }
    }

    @Test
    void makesListsShowsAndRemovesVolumes() throws IOException {
        assertThat(a.docker("volume", "create", "--driver", "loop", "--name", "vbox1", "--opt", "size=2"))
                .isEqualTo("vbox1");
        assertThat(b.docker("volume", "ls", "--format", "{{.Driver}} {{.Name}} {{.Scope}}"))
                .contains("loop vbox1 global");
        JsonNode volume = JSON.readTree(a.docker("volume", "inspect", "vbox1")).get(0);
        assertThat(volume.path("Driver").asText()).isEqualTo("loop");
        assertThat(volume.path("Scope").asText()).isEqualTo("global");
        JsonNode status = volume.path("Status");
        assertThat(status.path("name").asText()).isEqualTo("vbox1");
        assertThat(status.path("size").asInt()).isEqualTo(2);
        assertThat(status.path("iops").asInt()).isZero();
        for (String field : List.of("availabilityZone", "type")) {
            assertThat(status.path(field).asText("missing")).as(field).isEmpty();
        }
        for (String field : List.of("service", "server")) {
            assertThat(status.path(field).asText()).as(field).isEqualTo("loop");
        }
        assertThat(status.has("fields")).isTrue();
        assertThat(a.docker("volume", "rm", "vbox1")).isEqualTo("vbox1");
        assertThat(a.say("volume", "inspect", "vbox1").exit()).isNotZero();
        assertThat(b.docker("volume", "ls", "--quiet")).doesNotContain("vbox1");
    }

    @Test
    void twoContainersShareAVolumeAcrossARestartOfThePlugin() throws IOException, CommandException {
        a.docker("volume", "create", "--driver", "loop", "shared1");
        run(a, "one", "shared1", "echo written > /data/file; exec sleep 1000");
        run(a, "two", "shared1", "exec sleep 1000");
        await(
                "what one wrote is seen by two",
                () -> a.say("exec", "two", "cat", "/data/file").output().equals("written"));
        assertThat(a.say("volume", "rm", "shared1").output()).contains("volume is in use");
        assertThat(b.say("volume", "rm", "shared1").output()).contains("in use by host a");
        pluginOfFirst.kill();
        pluginOfFirst = site.launch(first.inside(), "a", QUIET).awaitReady();
        a.docker("rm", "--force", "one");
        assertThat(a.docker("exec", "two", "cat", "/data/file")).isEqualTo("written");
        assertThat(site.devicesOf("shared1")).isNotEmpty();
        a.docker("rm", "--force", "two");
        assertThat(site.devicesOf("shared1")).isEmpty();
        assertThat(first.mountsBelow(site.mountRoot("a"))).isEmpty();
        a.docker("volume", "rm", "shared1");
    }

    @Test
    void aVolumeMovesBetweenHostsAndIsRefusedWhileTheOtherHasIt() throws IOException {
        assertThat(a.docker(
                        "run",
                        "--rm",
                        "--network=none",
                        "--volume-driver=loop",
                        "-v",
                        "moving1:/data",
                        IMAGE,
                        "sh",
                        "-c",
                        "echo from a > /data/file; cat /data/file"))
                .isEqualTo("from a");
        run(b, "holder", "moving1", "exec sleep 1000");
        assertThat(b.docker("exec", "holder", "cat", "/data/file")).isEqualTo("from a");
        DockerEngine.Said refused =
                a.say("run", "--rm", "--network=none", "-v", "moving1:/data", IMAGE, "cat", "/data/file");
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.output()).contains("in use by host b since", "a Docker caller");
        b.docker("rm", "--force", "holder");
        assertThat(a.docker("run", "--rm", "--network=none", "-v", "moving1:/data", IMAGE, "cat", "/data/file"))
                .isEqualTo("from a");
    }

    @Test
    void aVolumeIsPreemptedAndItsOldContainerWritesNoMore() throws IOException {
        a.docker("volume", "create", "--driver", "loop", "taken1");
        run(
                a,
                "old",
                "taken1",
                "i=0; while echo $i > /data/n && sync -f /data/n 2>/dev/null || sync; do i=$((i+1)); sleep 0.05; done;"
                        + " echo gave up; exec sleep 1000");
        await(
                "the old one writes",
                () -> Integer.parseInt(
                                "0" + a.say("exec", "old", "cat", "/data/n").output())
                        > 3);
        run(b, "new", "taken1", "echo new > /data/owner; exec sleep 1000");
        await(
                "the new one writes",
                () -> b.say("exec", "new", "cat", "/data/owner").output().equals("new"));
        assertThat(a.say("exec", "old", "touch", "/data/late").exit()).isNotZero();
        assertThat(b.say("exec", "new", "test", "-e", "/data/late").exit()).isNotZero();
        a.docker("rm", "--force", "old");
        DockerEngine.Said refused =
                a.say("run", "--rm", "--network=none", "-v", "taken1:/data", IMAGE, "cat", "/data/owner");
        assertThat(refused.output()).contains("in use by host b");
        b.docker("rm", "--force", "new");
        assertThat(a.docker("run", "--rm", "--network=none", "-v", "taken1:/data", IMAGE, "cat", "/data/owner"))
                .isEqualTo("new");
    }

    @Test
    void usesOfAnEngineThatWasKilledAndOfAMountThatWasGivenUpAreEnded() throws IOException, CommandException {
        a.docker("volume", "create", "--driver", "loop", "leaked1");
        a.docker("volume", "create", "--driver", "loop", "leaked2");
        a.docker("volume", "create", "--driver", "loop", "kept1");
        // As dvdcli does for Mesos, whose tasks may use it where it is mounted.
        assertThat(pluginOfFirst.client().mount("kept1", "").status()).isEqualTo(200);
        run(a, "victim", "leaked1", "exec sleep 1000");
        // As an engine does that waited 120 s for a slow mount: it asks, goes away, and never unmounts.
        assertThat(pluginOfFirst.client().mount("leaked2", "ab".repeat(32)).status())
                .isEqualTo(200);
        a.kill();
        a.start();
        assertThat(a.docker("ps", "--all", "--format", "{{.Status}}")).startsWith("Exited");
        await(
                "both are let go",
                () -> site.devicesOf("leaked1").isEmpty()
                        && site.devicesOf("leaked2").isEmpty());
        assertThat(first.mountsBelow(site.mountRoot("a"))).hasSize(1);
        assertThat(site.devicesOf("kept1")).isNotEmpty();
        pluginOfFirst.client().unmount("kept1", "");
        assertThat(first.mountsBelow(site.mountRoot("a"))).isEmpty();
        run(b, "next", "leaked1", "exec sleep 1000");
        assertThat(b.docker("inspect", "--format", "{{.State.Running}}", "next"))
                .isEqualTo("true");
    }

    private static void run(DockerEngine engine, String name, String volume, String script) throws IOException {
        engine.docker(
                "run",
                "--detach",
                "--name",
                name,
                "--network=none",
                "--volume-driver=loop",
                "-v",
                volume + ":/data",
                IMAGE,
                "sh",
                "-c",
                script);
    }

    private interface Condition {
        boolean holds() throws IOException, CommandException;
    }

    private static void await(String what, Condition condition) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        try {
            while (!condition.holds()) {
                assertThat(System.nanoTime()).as("not within 60 s: " + what).isLessThan(deadline);
                Thread.sleep(50);
            }
        } catch (CommandException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
