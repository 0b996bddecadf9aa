package io.mooring.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.site.DockerEngine;
import io.mooring.plugin.site.DockerEngine.Said;
import io.mooring.plugin.site.NamespacedHost;
import io.mooring.plugin.site.PluginProcess;
import io.mooring.plugin.site.Requirements;
import io.mooring.plugin.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A mount that takes longer than a real Docker Engine waits, which is two minutes. The others are tested meanwhile. */
@Execution(ExecutionMode.CONCURRENT)
class SlowEngineIT {
    private static final String QUIET = "libstorage.integration.volume.operations.unmount.unusedAfter: 3s";
    private static final String IMAGE = "box";

    private Site site;
    private NamespacedHost host;
    private PluginProcess plugin;
    private DockerEngine engine;

    @BeforeEach
    void open() throws IOException {
        Requirements.loopDevices();
        Requirements.dockerEngine();
        site = Site.of("loop");
        host = NamespacedHost.start("host-slow", site.pluginDirectory("a"));
        plugin = site.launch(host.inside(), "a", QUIET).awaitReady();
        engine = DockerEngine.start(site.directory().resolve("e"), host.inside(), "--bridge=none");
        engine.importImage(IMAGE);
    }

    @AfterEach
    void close() throws IOException, CommandException {
        if (engine != null) {
            engine.close();
        }
        if (plugin != null) {
            plugin.kill();
        }
        if (host != null) {
            host.close();
        }
        if (site != null) {
            site.close();
        }
    }

    @Test
    void finishesAMountThatTheEngineGaveUpAndThenLetsTheVolumeGo() throws IOException, InterruptedException {
        engine.docker("volume", "create", "--driver", "loop", "slow1");
        // Two, because a point lets go by itself after about as long as the engine waits.
        Path first = Files.createFile(site.crashPoints().resolve("before:mount@slow1"));
        Path second = Files.createFile(site.crashPoints().resolve("before:attach@slow1"));
        CompletableFuture<Said> run = CompletableFuture.supplyAsync(() -> list("slow1"));
        await("the mount is under way", () -> Files.exists(reached(first)));
        assertThat(list("fast1").exit())
                .as("another volume is served meanwhile")
                .isZero();

        Said gaveUp = run.orTimeout(5, TimeUnit.MINUTES).join();
        assertThat(gaveUp.exit()).isNotZero();
        assertThat(gaveUp.output()).contains("VolumeDriver.Mount").containsPattern("deadline|[Tt]imeout");
        assertThat(devices()).as("not attached so far").isEmpty();
        for (Path point : List.of(second, reached(second), first, reached(first))) {
            Files.deleteIfExists(point);
        }

        await("the plugin goes on", () -> !devices().isEmpty());
        await("nobody has it, so it is let go", () -> devices().isEmpty());
        assertThat(host.mountsBelow(site.mountRoot("a"))).isEmpty();
        assertThat(list("slow1").exit()).as("and mounted again for the next").isZero();
    }

    /** What a container finds in a volume. */
    private Said list(String volume) {
        try {
            return engine.say(
                    "run",
                    "--rm",
                    "--network=none",
                    "--volume-driver=loop",
                    "-v",
                    volume + ":/data",
                    IMAGE,
                    "ls",
                    "/data");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String devices() {
        try {
            return site.devicesOf("slow1");
        } catch (CommandException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path reached(Path point) {
        return point.resolveSibling(point.getFileName() + ".reached");
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not within 60 s: " + what).isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
