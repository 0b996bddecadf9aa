package io.mooring.common.mesoshttp;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends what takes too long as a whole. A socket's own timeout begins anew with every byte, so that one byte now and then
 * keeps a request alive for ever.
 */
final class Patience implements AutoCloseable {
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "mesos-patience");
        thread.setDaemon(true);
        return thread;
    });

    Patience() {
        clock.setRemoveOnCancelPolicy(true);
        clock.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        // A thread only while there is something to wait for.
        clock.setKeepAliveTime(10, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
    }

    /** What is being waited for; heard of it again, the time begins anew. */
    final class Wait implements AutoCloseable {
        private final Duration most;
        private final Runnable tooLong;
        private ScheduledFuture<?> end;
        private boolean over;
        private boolean spent;

        private Wait(Duration most, Runnable tooLong) {
            this.most = most;
            this.tooLong = tooLong;
            heard();
        }

        /** Something came that counts as life. */
        synchronized void heard() {
            pause();
            if (!over && !most.isZero()) {
                end = clock.schedule(this::spend, most.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        /** Nothing is being waited for until {@link #heard}. */
        synchronized void pause() {
            if (end != null) {
                end.cancel(false);
                end = null;
            }
        }

        private void spend() {
            synchronized (this) {
                if (over) {
                    return;
                }
                spent = true;
            }
            tooLong.run();
        }

        /** Whether the time was up before the end. */
        synchronized boolean spent() {
            return spent;
        }

        @Override
        public synchronized void close() {
            over = true;
            pause();
        }
    }

    /** @param most zero for ever */
    Wait waitFor(Duration most, Runnable tooLong) {
        return new Wait(most, tooLong);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
