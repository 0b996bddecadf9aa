package io.mooring.common.recordio;

import java.io.IOException;

/** The bytes are no RecordIO stream; whoever reads it closes it and subscribes again. */
public class MalformedRecordException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedRecordException(String message) {
        super(message);
    }
}
