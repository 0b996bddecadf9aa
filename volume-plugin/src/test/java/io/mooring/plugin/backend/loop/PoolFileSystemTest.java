package io.mooring.plugin.backend.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolFileSystemTest {
    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "tmpfs"})
    void hasItsHoldersOnThisKernel(String type) {
        assertThat(new PoolFileSystem(type).ofOneKernel()).isTrue();
    }

    /** Some of them can copy a file in one instant, and would pass for one that cuts everybody off. */
    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "ceph", "fuse.glusterfs", "ocfs2", "gfs2", "9p", "virtiofs", "new"})
    void mayHaveHoldersBehindAnotherKernel(String type) {
        assertThat(new PoolFileSystem(type).ofOneKernel()).isFalse();
    }

    @Test
    void isWhatTheKernelSaysOfThePoolsDirectory(@TempDir Path pool) throws IOException {
        assertThat(PoolFileSystem.of(pool).type()).isNotEmpty();
        assertThat(PoolFileSystem.of(Path.of("/proc")).ofOneKernel()).isFalse();
    }
}
