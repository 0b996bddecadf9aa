package io.mooring.plugin.backend.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * What sectors a file system counts on, where they are smaller than a page. A loop device takes the sectors that direct I/O on
 * its file needs, and those of a file that shares blocks, as a snapshot or a cut leaves it, may be larger than they were when
 * the file system was made. XFS, and ext4 of small blocks, cannot be mounted on larger sectors than they were made for.
 */
final class SmallSectors {
    private static final int PAGE = 4096;
    private static final int XFS_MAGIC = 0x58465342;
    private static final int XFS_SECTOR_SIZE = 102;
    private static final int EXT = 1024;
    private static final int EXT_LOG_BLOCK_SIZE = EXT + 24;
    private static final int EXT_MAGIC_AT = EXT + 56;
    private static final short EXT_MAGIC = (short) 0xEF53;

    private SmallSectors() {}

    /** The largest sectors in bytes that what is in the file can be mounted on; empty where a page is none too large. */
    static OptionalInt in(Path file) throws IOException {
        ByteBuffer start = Ends.start(file, PAGE);
        if (start.limit() < PAGE) {
            return OptionalInt.empty();
        }
        if (start.getInt(0) == XFS_MAGIC) {
            return below(start.getShort(XFS_SECTOR_SIZE) & 0xFFFF);
        }
        start.order(ByteOrder.LITTLE_ENDIAN);
        int shift = start.getInt(EXT_LOG_BLOCK_SIZE);
        return start.getShort(EXT_MAGIC_AT) == EXT_MAGIC && shift >= 0 && shift < 2
                ? below(1024 << shift)
                : OptionalInt.empty();
    }

    private static OptionalInt below(int size) {
        boolean sector = size >= 512 && size < PAGE && Integer.bitCount(size) == 1;
        return sector ? OptionalInt.of(size) : OptionalInt.empty();
    }
}
