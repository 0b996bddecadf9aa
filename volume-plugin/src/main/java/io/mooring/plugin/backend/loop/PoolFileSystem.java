package io.mooring.plugin.backend.loop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What a pool lies on. Cutting a holder off ends in this kernel: the writes that it refuses, the devices that it knows. A
 * file system that several machines can have mounted at once may have holders behind another kernel, who go on.
 */
record PoolFileSystem(String type) {
    /** Those that one kernel at a time has mounted; whatever else there is may be shared. */
    private static final Set<String> OF_ONE_KERNEL =
            Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "bcachefs", "zfs", "tmpfs", "overlay");

    static PoolFileSystem of(Path pool) throws IOException {
        return new PoolFileSystem(Files.getFileStore(pool).type());
    }

    /** Whether everybody who uses it is on this kernel. */
    boolean ofOneKernel() {
        return OF_ONE_KERNEL.contains(type);
    }
}
