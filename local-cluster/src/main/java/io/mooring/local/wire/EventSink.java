package io.mooring.local.wire;

import com.google.protobuf.Message;

/** Where the events of one subscription go. All methods may be called from any thread and never block. */
public interface EventSink {
    /** Queues one event; lost in silence when the client is gone, as with real Mesos. */
    void send(Message event);

    /** Ends the stream orderly (last chunk) behind everything queued. */
    void end();

    /** Cuts the connection without the last chunk, as a killed process would. */
    void cut();

    /** Runs once when the stream is over for whatever reason; at once if it already is. */
    void onClose(Runnable action);
}
