package io.mooring.executor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.executor.testkit.ExecutorFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerPathsTest {
    @TempDir
    private Path directory;

    private Path sandbox;
    private ContainerPaths paths;

    @BeforeEach
    void prepare() throws IOException {
        sandbox = Files.createDirectories(directory.resolve("sandbox")).toRealPath();
        paths = new ContainerPaths(sandbox);
    }

    @Test
    void putsAVolumeWithoutAPathAtTheDefaultPath() throws UnfitPathException {
        assertThat(place(Optional.empty()).path()).isEqualTo(Path.of("/var/lib/rexray/volumes/data"));
    }

    @Test
    void putsARelativePathIntoTheSandbox() throws UnfitPathException {
        Place place = place(Optional.of("a/b"));
        assertThat(place.path()).isEqualTo(sandbox.resolve("a/b"));
        assertThat(place.making()).isEqualTo(Place.Making.IN_SANDBOX);
    }

    @Test
    void makesAMissingAbsolutePathInTheNamespaceOnly() throws UnfitPathException {
        Place place = place(Optional.of("/no-such-directory-here/x"));
        assertThat(place.making()).isEqualTo(Place.Making.IN_NAMESPACE);
        assertThat(place.existing()).isEqualTo(Path.of("/"));
        assertThat(place(Optional.of("/opt")).making()).isEqualTo(Place.Making.EXISTS);
    }

    @ParameterizedTest
    @CsvSource({
        "/,           would hide /",
        "/proc,       would hide /proc",
        "/dev/,       would hide /dev",
        "/sys/.,      would hide /sys",
        "/proc/new,   cannot be made below /proc",
        "/etc/passwd, is no directory",
        "/etc/passwd/x, is no directory",
        "a/../../x,   has '..' in it",
        "/a/../b,     has '..' in it",
    })
    void refusesAPathThatWouldHideOrLeave(String path, String why) {
        assertThatThrownBy(() -> place(Optional.of(path)))
                .isInstanceOf(UnfitPathException.class)
                .hasMessageContaining(why);
    }

    @Test
    void refusesARelativePathThatLeavesThroughASymbolicLink() throws IOException {
        Files.createSymbolicLink(sandbox.resolve("out"), Path.of("/etc"));
        assertThatThrownBy(() -> place(Optional.of("out/here"))).hasMessageContaining("leaves the sandbox");
        assertThatThrownBy(() -> place(Optional.of("out"))).hasMessageContaining("leaves the sandbox");
        Files.createSymbolicLink(sandbox.resolve("dangling"), Path.of("/no-such-directory-here"));
        assertThatThrownBy(() -> place(Optional.of("dangling/x"))).hasMessageContaining("dangling");
    }

    @Test
    void refusesALinkToWhatMustNotBeHidden() throws IOException {
        Files.createSymbolicLink(directory.resolve("link"), Path.of("/proc"));
        assertThatThrownBy(() -> place(Optional.of(directory + "/link"))).hasMessageContaining("would hide /proc");
    }

    @Test
    void refusesAPathThatWouldHideTheSandbox() {
        assertThatThrownBy(() -> place(Optional.of(directory.toString()))).hasMessageContaining("sandbox");
        assertThatThrownBy(() -> place(Optional.of("."))).isInstanceOf(UnfitPathException.class);
    }

    @Test
    void refusesTwoVolumesThatLieInEachOther() {
        ClaimedVolume outer = ExecutorFixture.volume("outer", 1, Optional.of("x"));
        ClaimedVolume inner = ExecutorFixture.volume("inner", 1, Optional.of("x/y"));
        assertThatThrownBy(() -> paths.plan(ExecutorFixture.order("true", outer, inner)))
                .hasMessageContaining("lie in each other");
    }

    private Place place(Optional<String> path) throws UnfitPathException {
        return paths.plan(ExecutorFixture.order("true", ExecutorFixture.volume("data", 1, path)))
                .get(0);
    }
}
