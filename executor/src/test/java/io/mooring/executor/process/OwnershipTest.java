package io.mooring.executor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mooring.common.volume.RootAccess;
import io.mooring.executor.engine.Launch;
import io.mooring.executor.mount.MountFacts;
import io.mooring.executor.mount.MountKind;
import io.mooring.executor.mounttable.Kernel;
import io.mooring.executor.mounttable.MountInspection;
import io.mooring.executor.testkit.ExecutorFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnershipTest {
    private static final User NOBODY = new User("nobody", 65534, 65534);

    @TempDir
    private Path directory;

    private final Ownership ownership = new Ownership();

    @BeforeEach
    void needRoot() throws IOException {
        boolean root = uid(Path.of("/proc/self")) == 0;
        if (!root && "true".equals(System.getenv("CI"))) {
            fail("needs root, to give files away");
        }
        assumeTrue(root, "needs root, to give files away");
    }

    @Test
    void givesTheWholeSandboxToTheTasksUserAndNothingThatALinkLeadsTo() throws IOException {
        Path outside = Files.writeString(directory.resolve("outside"), "not the task's");
        Path sandbox = Files.createDirectories(directory.resolve("sandbox"));
        Path deep = Files.createDirectories(sandbox.resolve("unpacked/by/the/fetcher"));
        Path fetched = Files.writeString(deep.resolve("archive"), "x");
        Path link = Files.createSymbolicLink(sandbox.resolve("link"), outside);
        Path up = Files.createSymbolicLink(sandbox.resolve("up"), directory);
        ownership.giveSandbox(sandbox, NOBODY);
        for (Path given : new Path[] {sandbox, deep, deep.getParent(), fetched, link, up}) {
            assertThat(uid(given)).as(given.toString()).isEqualTo(NOBODY.uid());
            assertThat(Files.getAttribute(given, "unix:gid", LinkOption.NOFOLLOW_LINKS))
                    .isEqualTo(NOBODY.gid());
        }
        assertThat(uid(outside)).isZero();
        assertThat(uid(directory)).isZero();
    }

    @Test
    void givesAFreshVolumeAwayOnceAndLeavesOneThatHasAnOwnerOrContent() throws IOException {
        Path fresh = volume("fresh");
        ownership.giveFreshVolume(mounted(fresh, Launch.Freshness.NEW), NOBODY);
        assertThat(uid(fresh)).isEqualTo(NOBODY.uid());
        assertThat(uid(fresh.resolve("data"))).isEqualTo(NOBODY.uid());

        Path used = volume("used");
        Files.writeString(used.resolve("data/file"), "x");
        ownership.giveFreshVolume(mounted(used, Launch.Freshness.KNOWN), NOBODY);
        assertThat(uid(used.resolve("data"))).isZero();

        Path anothers = volume("anothers");
        Files.setAttribute(anothers.resolve("data"), "unix:uid", 1234);
        ownership.giveFreshVolume(mounted(anothers, Launch.Freshness.NEW), NOBODY);
        assertThat(uid(anothers.resolve("data"))).isEqualTo(1234);
    }

    @Test
    void givesTheRootToWhomTheAppNamesAndNothingBelowIt() throws IOException {
        Path root = volume("named");
        Path file = Files.writeString(root.resolve("data/file"), "x");
        RootAccess access = new RootAccess(Optional.of(26), Optional.of(27), Optional.of(02750));
        Launch.Mounted mounted = mounted(root, Launch.Freshness.NEW);

        assertThat(new MountInspection(new Kernel()).give(mounted.facts(), access))
                .isEmpty();

        for (Path each : new Path[] {root, root.resolve("data")}) {
            assertThat(Files.getAttribute(each, "unix:uid")).isEqualTo(26);
            assertThat(Files.getAttribute(each, "unix:gid")).isEqualTo(27);
            assertThat((Integer) Files.getAttribute(each, "unix:mode") & 07777).isEqualTo(02750);
        }
        assertThat(uid(file)).isZero();
        assertThat(new MountInspection(new Kernel())
                        .give(mounted(Path.of("/nowhere"), Launch.Freshness.NEW).facts(), access))
                .hasValueSatisfying(why -> assertThat(why).contains("/nowhere"));
    }

    private Path volume(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name).resolve("data")).getParent();
    }

    private static Launch.Mounted mounted(Path root, Launch.Freshness freshness) {
        return new Launch.Mounted(
                ExecutorFixture.volume("vol", 1, Optional.empty()),
                new MountFacts(
                        root.resolve("data").toString(),
                        root.toString(),
                        MountKind.DIRECTORY,
                        "1:1",
                        "x",
                        "ext4",
                        "/",
                        Optional.empty()),
                freshness);
    }

    private static int uid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }
}
