package io.mooring.plugin.backend.loop;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Looks at both ends of a device, where everything that names what a device holds has its mark: file systems, partition
 * tables, volume managers, members of arrays, encryption, swap. libblkid reads nothing further in: the furthest is the last
 * place of LUKS2's second header, 4 MiB from the start.
 */
final class Ends {
    private static final int WIDTH = (4 << 20) + (64 << 10);
    private static final int STEP = 1 << 20;
    private static final int ALIGNMENT = 4096;
    private static final ByteBuffer ZEROES = ByteBuffer.allocateDirect(STEP).asReadOnlyBuffer();

    private Ends() {}

    /** Whether there is nothing but zeroes at both ends of a file or a device. */
    static boolean areZero(Path content) throws IOException {
        return read(content, Ends::areZero);
    }

    /** Its first bytes; fewer if it has no more. */
    static ByteBuffer start(Path content, int bytes) throws IOException {
        return read(content, channel -> {
            ByteBuffer buffer = aligned(bytes);
            channel.read(buffer, 0);
            return buffer.flip();
        });
    }

    private interface Reading<T> {
        T of(FileChannel channel) throws IOException;
    }

    private static <T> T read(Path content, Reading<T> reading) throws IOException {
        // Past the page cache, which would be filled with what nobody reads again, at four times the cost.
        try (FileChannel channel = FileChannel.open(content, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
            return reading.of(channel);
        } catch (IOException | UnsupportedOperationException e) {
            // Not every file system can do that, nor every device at these places.
            try (FileChannel channel = FileChannel.open(content, StandardOpenOption.READ)) {
                return reading.of(channel);
            }
        }
    }

    private static ByteBuffer aligned(int bytes) {
        return ByteBuffer.allocateDirect(bytes + ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .limit(bytes);
    }

    private static boolean areZero(FileChannel channel) throws IOException {
        ByteBuffer buffer = aligned(STEP);
        long size = channel.size();
        long tail = Math.max(0, size - WIDTH) / ALIGNMENT * ALIGNMENT;
        return isZero(channel, buffer, 0, Math.min(WIDTH, size)) && isZero(channel, buffer, tail, size);
    }

    private static boolean isZero(FileChannel channel, ByteBuffer buffer, long from, long to) throws IOException {
        long at = from;
        while (at < to) {
            int wanted = (int) Math.min(STEP, to - at);
            buffer.clear().limit((wanted + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
            if (channel.read(buffer, at) < wanted) {
                throw new IOException("it ends before its size");
            }
            buffer.flip();
            if (buffer.mismatch(ZEROES.duplicate().limit(buffer.limit())) >= 0) {
                return false;
            }
            at += wanted;
        }
        return true;
    }
}
