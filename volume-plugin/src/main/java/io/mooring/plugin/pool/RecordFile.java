package io.mooring.plugin.pool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A small file that is replaced whole, and is on disk when the call returns, for one flush of data. A new file, renamed over the
 * old one, costs two flushes and a new inode, five times as much; and every step of a volume waits for a record.
 *
 * <p>The file has room for two versions that are written in turns, each with its number and a checksum. One that a crash
 * tore fails its checksum, and the one before it counts. Writers exclude each other; readers need no lock, and get one or the
 * other. A file of any other form is taken as it is: somebody wrote it by hand.
 */
final class RecordFile {
    private static final String MARK = "mooring-record";
    private static final int SMALLEST_ROOM = 4096;
    /** A reader without a lock may meet two writers in turn. */
    private static final int ATTEMPTS = 20;

    private RecordFile() {}

    /** What has to be true when a write returns. */
    enum Until {
        /** A crash of the machine does not undo it. */
        ON_DISK,
        /** Every process sees it; a crash of the machine may undo it, and then all that was written since, never a part. */
        SEEN
    }

    private record Version(long number, byte[] content) {}

    /** Makes a new one, in a directory that nobody sees yet; whoever shows it syncs the directory. */
    static void create(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            writeAll(channel, ByteBuffer.wrap(first(content)), 0);
            channel.force(true);
        }
    }

    /**
     * The content.
     *
     * @throws NoSuchFileException when there is no file
     * @throws IOException when it has no whole version
     */
    static byte[] read(Path file) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            byte[] bytes = Files.readAllBytes(file);
            if (!isOurs(bytes)) {
                return bytes;
            }
            Optional<Version> newest = newest(bytes);
            if (newest.isPresent()) {
                return newest.get().content();
            }
        }
        throw new IOException("neither version is whole; the disk or somebody has damaged the record");
    }

    /** Replaces the content. */
    static void write(Path file, byte[] content, Until until) throws IOException {
        byte[] present = present(file);
        Optional<Version> newest = isOurs(present) ? newest(present) : Optional.empty();
        int room = present.length / 2;
        byte[] next = version(newest.map(Version::number).orElse(0L) + 1, content);
        if (newest.isEmpty() || next.length > room) {
            DurableFile.write(file, first(content));
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long slot = (newest.get().number() + 1) % 2;
            writeAll(channel, ByteBuffer.wrap(next), slot * room);
            if (until == Until.ON_DISK) {
                channel.force(false); // the blocks are there, so nothing but the data has to reach the disk
            }
        }
    }

    private static byte[] present(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    private static byte[] first(byte[] content) {
        byte[] version = version(0, content);
        int room = SMALLEST_ROOM;
        while (room < version.length) {
            room *= 2;
        }
        byte[] whole = new byte[2 * room];
        System.arraycopy(version, 0, whole, 0, version.length);
        return whole;
    }

    private static byte[] version(long number, byte[] content) {
        byte[] head = (MARK + " " + number + " " + content.length + " " + checksum(number, content) + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + content.length + 1)
                .put(head)
                .put(content)
                .put((byte) '\n')
                .array();
    }

    private static boolean isOurs(byte[] bytes) {
        return bytes.length >= 2 * SMALLEST_ROOM && (startsAt(bytes, 0) || startsAt(bytes, bytes.length / 2));
    }

    private static boolean startsAt(byte[] bytes, int from) {
        return new String(bytes, from, MARK.length(), StandardCharsets.US_ASCII).equals(MARK);
    }

    private static Optional<Version> newest(byte[] bytes) {
        Optional<Version> even = versionIn(bytes, 0);
        Optional<Version> odd = versionIn(bytes, bytes.length / 2);
        if (even.isEmpty() || odd.isEmpty()) {
            return even.or(() -> odd);
        }
        return even.get().number() > odd.get().number() ? even : odd;
    }

    private static Optional<Version> versionIn(byte[] bytes, int from) {
        int end = from;
        while (end < from + bytes.length / 2 && bytes[end] != '\n') {
            end++;
        }
        String[] words = new String(bytes, from, end - from, StandardCharsets.US_ASCII).split(" ");
        if (words.length != 4 || !words[0].equals(MARK)) {
            return Optional.empty();
        }
        try {
            long number = Long.parseLong(words[1]);
            int length = Integer.parseInt(words[2]);
            if (length < 0 || length > from + bytes.length / 2 - end - 1) {
                return Optional.empty();
            }
            byte[] content = new byte[length];
            System.arraycopy(bytes, end + 1, content, 0, length);
            return Long.parseLong(words[3]) == checksum(number, content)
                    ? Optional.of(new Version(number, content))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static long checksum(long number, byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
        checksum.update(content);
        return checksum.getValue();
    }

    private static void writeAll(FileChannel channel, ByteBuffer content, long position) throws IOException {
        long at = position;
        while (content.hasRemaining()) {
            at += channel.write(content, at);
        }
    }
}
