package io.mooring.local.wire;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Reads the body of one request as it comes. It waits on no thread, so that any number of clients may send slowly, and
 * all of a port's bodies together stay below a bound, so that they may also send much.
 */
final class BodyReader implements Runnable {
    /** Of all bodies of one port that are being read. */
    static final class Budget {
        private final long most;
        private final AtomicLong used = new AtomicLong();

        Budget(long most) {
            this.most = most;
        }

        private boolean take(int bytes) {
            if (used.addAndGet(bytes) <= most) {
                return true;
            }
            used.addAndGet(-bytes);
            return false;
        }
    }

    /** What comes of it: exactly one of these, once. */
    interface Outcome {
        void read(byte[] body);

        void refused(Answer answer);

        void failed(Throwable cause);
    }

    private final Request request;
    private final int largest;
    private final Budget budget;
    private final Outcome outcome;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    BodyReader(Request request, int largest, Budget budget, Outcome outcome) {
        this.request = request;
        this.largest = largest;
        this.budget = budget;
        this.outcome = outcome;
    }

    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                over(each -> each.failed(chunk.getFailure()));
                return;
            }
            boolean fits = take(chunk);
            boolean last = chunk.isLast();
            chunk.release();
            if (!fits) {
                return;
            }
            if (last) {
                byte[] all = body.toByteArray();
                over(each -> each.read(all));
                return;
            }
        }
    }

    private boolean take(Content.Chunk chunk) {
        int more = chunk.remaining();
        if (body.size() + (long) more > largest) {
            over(each -> each.refused(Answer.text(413, "The body is larger than " + largest + " bytes")));
            return false;
        }
        if (!budget.take(more)) {
            over(each -> each.refused(Answer.text(503, "Too many large requests at once")));
            return false;
        }
        byte[] bytes = new byte[more];
        chunk.get(bytes, 0, more);
        body.writeBytes(bytes);
        return true;
    }

    private void over(Consumer<Outcome> how) {
        budget.used.addAndGet(-body.size());
        how.accept(outcome);
    }
}
