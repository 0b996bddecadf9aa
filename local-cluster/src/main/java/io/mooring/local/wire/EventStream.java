package io.mooring.local.wire;

import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An endless answer: one record per chunk, written one after the other.
 *
 * <p>It also listens for the client's end of the connection. The server would notice that only at the next write, 15 s
 * later; Mesos acts on it at once, and the failover timeout runs from then.
 */
final class EventStream implements EventSink {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** Bytes waiting for a client that does not read; beyond it the stream is cut, so memory stays bounded. */
    private static final long MAX_QUEUED_BYTES = 64L << 20;

    private enum Phase {
        OPEN,
        ENDING,
        CLOSED
    }

    private final Encoding encoding;
    private final Response response;
    private final Callback done;
    private final EndPoint endPoint;
    private final Queue<ByteBuffer> queue = new ArrayDeque<>();
    private final List<Runnable> onClose = new ArrayList<>();
    private long queuedBytes;
    private boolean writing;
    private Phase phase = Phase.OPEN;

    EventStream(Encoding encoding, Request request, Response response, Callback done) {
        this.encoding = encoding;
        this.response = response;
        this.done = done;
        this.endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    }

    /** Sends the head at once, before the first event, and starts to watch for the client's end. */
    void open() {
        endPoint.setIdleTimeout(-1);
        synchronized (this) {
            writing = true;
        }
        response.write(false, BufferUtil.EMPTY_BUFFER, Callback.from(this::written, this::failed));
        endPoint.tryFillInterested(Callback.from(this::readable, this::failed));
    }

    @Override
    public void send(Message event) {
        ByteBuffer frame = RecordIo.encode(encoding.encode(event));
        boolean tooSlow;
        synchronized (this) {
            if (phase != Phase.OPEN) {
                return;
            }
            queue.add(frame);
            queuedBytes += frame.remaining();
            tooSlow = queuedBytes > MAX_QUEUED_BYTES;
        }
        if (tooSlow) {
            LOG.atWarn().log("client does not read its events: stream cut");
            cut();
            return;
        }
        next();
    }

    @Override
    public void end() {
        synchronized (this) {
            if (phase != Phase.OPEN) {
                return;
            }
            phase = Phase.ENDING;
        }
        next();
    }

    @Override
    public void cut() {
        endPoint.close();
        failed(new EofException("cut"));
    }

    @Override
    public void onClose(Runnable action) {
        synchronized (this) {
            if (phase != Phase.CLOSED) {
                onClose.add(action);
                return;
            }
        }
        action.run();
    }

    private void next() {
        ByteBuffer frame;
        synchronized (this) {
            if (writing || phase == Phase.CLOSED) {
                return;
            }
            frame = queue.poll();
            if (frame == null && phase == Phase.OPEN) {
                return;
            }
            writing = true;
            queuedBytes -= frame == null ? 0 : frame.remaining();
        }
        if (frame == null) {
            response.write(true, BufferUtil.EMPTY_BUFFER, Callback.from(this::finished, this::failed));
        } else {
            chunk(frame);
        }
    }

    /**
     * Writes the chunk past the server's own generator: that one would keep the chunk's last two bytes back until the next
     * chunk, and a client that reads whole chunks would learn of every event only with the next.
     */
    private void chunk(ByteBuffer frame) {
        ByteBuffer size = BufferUtil.toBuffer(Integer.toHexString(frame.remaining()) + "\r\n");
        endPoint.write(Callback.from(this::written, this::failed), size, frame, BufferUtil.toBuffer("\r\n"));
    }

    private void written() {
        synchronized (this) {
            writing = false;
        }
        next();
    }

    private void finished() {
        if (close()) {
            done.succeeded();
        }
    }

    private void failed(Throwable cause) {
        if (close()) {
            done.failed(cause);
        }
    }

    /** The client sent its end, or bytes that no stream client has a reason to send: both end the subscription. */
    private void readable() {
        ByteBuffer buffer = BufferUtil.allocate(1024);
        try {
            if (endPoint.fill(buffer) == 0) {
                endPoint.tryFillInterested(Callback.from(this::readable, this::failed));
                return;
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("event stream broken");
        }
        cut();
    }

    private boolean close() {
        List<Runnable> actions;
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return false;
            }
            phase = Phase.CLOSED;
            queue.clear();
            actions = List.copyOf(onClose);
        }
        actions.forEach(Runnable::run);
        return true;
    }
}
