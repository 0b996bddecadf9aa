package io.mooring.plugin.site;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Marks of things that are kept on devices and are no file system to mount, put on a file as their makers put them. */
public enum Signatures {
    LVM(""),
    LUKS("TYPE=crypto_LUKS"),
    LUKS2_FIRST_BACKUP("TYPE=crypto_LUKS"),
    /** The furthest from an end that libblkid looks. */
    LUKS2_LAST_BACKUP("TYPE=crypto_LUKS"),
    PARTITION_TABLE("PTTYPE=dos"),
    GPT_BACKUP(""),
    SWAP("TYPE=swap"),
    ZFS("TYPE=zfs_member"),
    MDRAID_AT_4K("VERSION=1.2"),
    MDRAID_AT_THE_END("VERSION=1.0"),
    MDRAID_OF_OLD("VERSION=0.90.0"),
    UNKNOWN_HEAD(""),
    UNKNOWN_TAIL("");

    private static final byte[] MD = {(byte) 0xfc, 0x4e, 0x2b, (byte) 0xa9};
    private static final byte[] LUKS_BACKUP = {'S', 'K', 'U', 'L', (byte) 0xba, (byte) 0xbe, 0, 2};

    private final String known;

    Signatures(String known) {
        this.known = known;
    }

    /** What blkid says of it; empty for halves of things, which it does not know, and a device is not blank for all that. */
    public String knownToBlkidAs() {
        return known;
    }

    /** Puts it on a file. */
    public void plant(Path image) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            plant(file, file.length());
        }
    }

    private void plant(RandomAccessFile file, long size) throws IOException {
        switch (this) {
            case LVM -> {
                write(file, 512, "LABELONE".getBytes(StandardCharsets.US_ASCII));
                write(file, 512 + 24, "LVM2 001".getBytes(StandardCharsets.US_ASCII));
            }
            case LUKS -> write(file, 0, new byte[] {'L', 'U', 'K', 'S', (byte) 0xba, (byte) 0xbe, 0, 1});
            case LUKS2_FIRST_BACKUP -> write(file, 0x8000, LUKS_BACKUP);
            case LUKS2_LAST_BACKUP -> write(file, 0x400000, LUKS_BACKUP);
            case PARTITION_TABLE -> {
                write(file, 446, new byte[] {(byte) 0x80, 1, 1, 0, (byte) 0x83, 1, 1, 1, 63, 0, 0, 0, 0, 8, 0, 0});
                write(file, 510, new byte[] {0x55, (byte) 0xaa});
            }
            case GPT_BACKUP -> write(file, size - 512, "EFI PART".getBytes(StandardCharsets.US_ASCII));
            case SWAP -> {
                write(file, 1024, new byte[] {1, 0, 0, 0, 0, 8, 0, 0});
                write(file, 4096 - 10, "SWAPSPACE2".getBytes(StandardCharsets.US_ASCII));
            }
            case ZFS -> {
                for (int uberblock = 0; uberblock < 8; uberblock++) {
                    write(file, 128 * 1024 + uberblock * 1024L, new byte[] {0x0c, (byte) 0xb1, (byte) 0xba, 0});
                }
            }
            case MDRAID_AT_4K -> raid(file, 4096);
            case MDRAID_AT_THE_END -> raid(file, (size - 8192) / 4096 * 4096);
            case MDRAID_OF_OLD -> {
                long at = size / 65536 * 65536 - 65536;
                write(file, at, MD);
                write(file, at + 8, new byte[] {90, 0, 0, 0});
            }
            case UNKNOWN_HEAD -> write(file, 100_000, new byte[] {1});
            case UNKNOWN_TAIL -> write(file, size - 3_000_000, new byte[] {1});
        }
    }

    private static void raid(RandomAccessFile file, long at) throws IOException {
        write(file, at, MD);
        write(file, at + 4, new byte[] {1, 0, 0, 0});
        write(
                file,
                at + 144,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(at / 512)
                        .array());
    }

    private static void write(RandomAccessFile file, long position, byte[] bytes) throws IOException {
        file.seek(position);
        file.write(bytes);
    }
}
