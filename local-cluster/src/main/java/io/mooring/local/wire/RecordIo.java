package io.mooring.local.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Mesos' framing of a stream: the length in decimal, a line feed, the bytes. */
public final class RecordIo {
    private RecordIo() {}

    /** One record, length line included, ready to be one HTTP chunk as real Mesos sends it. */
    public static ByteBuffer encode(byte[] record) {
        byte[] length = (record.length + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer frame = ByteBuffer.allocate(length.length + record.length);
        return frame.put(length).put(record).flip();
    }
}
