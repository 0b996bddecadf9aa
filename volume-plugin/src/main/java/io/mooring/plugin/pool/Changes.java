package io.mooring.plugin.pool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Tells whether records have changed since they were read, for all processes of a pool: a number for each of the pool's
 * locks, odd while somebody who has that lock may be changing something, and larger than before when he is done. Who dies in
 * between leaves it odd, until the next one with the lock is done.
 */
final class Changes {
    private final FileChannel channel;
    private final int locks;

    Changes(FileChannel channel, int locks) {
        this.channel = channel;
        this.locks = locks;
    }

    /**
     * Before anything is changed; with the lock.
     *
     * @return the number until everything is changed
     */
    long begin(int lock) throws IOException {
        long before = read(lock, 1)[0];
        long during = before + (settled(before) ? 1 : 2);
        write(lock, during);
        return during;
    }

    /** After everything is changed; with the lock, and what its beginning returned. */
    void end(int lock, long during) throws IOException {
        write(lock, during + 1);
    }

    /** All numbers now. What is read after this and has the same, even number then is what there is. */
    long[] numbers() throws IOException {
        return read(0, locks);
    }

    private long[] read(int first, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count * Long.BYTES);
        while (bytes.hasRemaining() && channel.read(bytes, (long) first * Long.BYTES + bytes.position()) > 0) {
            // the file is as long as somebody has made it; what is missing is zero
        }
        long[] numbers = new long[count];
        bytes.clear().asLongBuffer().get(numbers);
        return numbers;
    }

    /** Whether nobody is changing anything. */
    static boolean settled(long number) {
        return number % 2 == 0;
    }

    private void write(int lock, long number) throws IOException {
        channel.write(ByteBuffer.allocate(Long.BYTES).putLong(number).flip(), (long) lock * Long.BYTES);
    }
}
