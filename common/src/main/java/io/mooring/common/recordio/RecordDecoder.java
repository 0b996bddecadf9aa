package io.mooring.common.recordio;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Takes a RecordIO stream apart, in pieces of any size: decimal length, line feed, that many bytes.
 * HTTP chunks mean nothing here; a record may be split at every byte. Not for use by several threads.
 */
public final class RecordDecoder {
    private static final int MOST_DIGITS = 20;

    private final int maxRecordBytes;
    private final Consumer<byte[]> records;

    private int digits;
    private long length;
    private byte[] record;
    private int filled;

    /**
     * @param maxRecordBytes a longer record ends the stream with {@link RecordTooLargeException}
     * @param records is given each whole record, in order
     */
    public RecordDecoder(int maxRecordBytes, Consumer<byte[]> records) {
        if (maxRecordBytes < 1) {
            throw new IllegalArgumentException("maxRecordBytes is " + maxRecordBytes + "; it has to be at least 1");
        }
        this.maxRecordBytes = maxRecordBytes;
        this.records = records;
    }

    /** Takes the next bytes. After an exception the stream is unusable: close it and subscribe again. */
    public void feed(byte[] bytes, int offset, int count) throws MalformedRecordException {
        int at = offset;
        int end = offset + count;
        while (at < end) {
            at = record == null ? readLength(bytes, at) : readRecord(bytes, at, end);
        }
    }

    /** True between two records: a stream that ends elsewhere was cut. */
    public boolean atBoundary() {
        return record == null && digits == 0;
    }

    private int readLength(byte[] bytes, int at) throws MalformedRecordException {
        byte b = bytes[at];
        if (b == '\n') {
            startRecord();
            return at + 1;
        }
        if (b < '0' || b > '9') {
            throw new MalformedRecordException("a record's length has the byte " + (b & 0xff) + " in it, not a digit");
        }
        digits++;
        if (digits > MOST_DIGITS) {
            throw new MalformedRecordException("a record's length has more than " + MOST_DIGITS + " digits");
        }
        length = length * 10 + (b - '0');
        if (length > maxRecordBytes) {
            throw new RecordTooLargeException(length, maxRecordBytes);
        }
        return at + 1;
    }

    private void startRecord() throws MalformedRecordException {
        if (digits == 0) {
            return; // an empty line before a length is tolerated
        }
        if (length == 0) {
            throw new MalformedRecordException("a record of length 0");
        }
        record = new byte[(int) Math.min(length, 64 * 1024)];
        filled = 0;
    }

    private int readRecord(byte[] bytes, int at, int end) {
        int take = (int) Math.min(end - (long) at, length - filled);
        if (filled + take > record.length) {
            // Memory follows what arrived, not what a length promised.
            record = Arrays.copyOf(record, (int) Math.min(length, Math.max(record.length * 2L, filled + (long) take)));
        }
        System.arraycopy(bytes, at, record, filled, take);
        filled += take;
        if (filled == length) {
            byte[] whole = record.length == filled ? record : Arrays.copyOf(record, filled);
            record = null;
            digits = 0;
            length = 0;
            records.accept(whole);
        }
        return at + take;
    }
}
