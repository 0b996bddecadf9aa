package io.mooring.common.recordio;

/** A record announces more bytes than this reader is willing to hold. */
public final class RecordTooLargeException extends MalformedRecordException {
    private static final long serialVersionUID = 1;

    RecordTooLargeException(long length, int most) {
        super("a record announces " + length + " bytes or more; at most " + most + " are read");
    }
}
