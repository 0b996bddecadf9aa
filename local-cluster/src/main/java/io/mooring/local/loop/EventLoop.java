package io.mooring.local.loop;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that runs what is posted to it in order, now or later. It owns the state of one Mesos process, as the
 * libprocess actor does in the original; others only post.
 */
public final class EventLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final long ASK_SECONDS = 60;

    private final ScheduledThreadPoolExecutor thread;

    public EventLoop(String name) {
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Something that will run unless cancelled first. */
    @FunctionalInterface
    public interface Timer {
        void cancel();
    }

    /** Runs the action on the loop, after everything posted before; dropped when the loop is closed. */
    public void post(Runnable action) {
        try {
            thread.execute(guarded(action));
        } catch (RejectedExecutionException e) {
            LOG.atTrace().log("posted to a closed loop");
        }
    }

    /** Runs the action on the loop after the delay. */
    public Timer after(Duration delay, Runnable action) {
        try {
            var scheduled = thread.schedule(guarded(action), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {};
        }
    }

    /** Runs the action on the loop again and again, first after one period; a busy loop delays it and never piles it up. */
    public Timer every(Duration period, Runnable action) {
        try {
            var scheduled = thread.scheduleWithFixedDelay(
                    guarded(action), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {};
        }
    }

    /**
     * Asks the loop and waits for its answer; never to be called on a loop's own thread.
     *
     * @throws IllegalStateException when the loop is closed, fails or is stuck
     */
    public <T> T ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            thread.execute(() -> answer.completeAsync(question, Runnable::run));
            return answer.get(ASK_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the question failed: " + e.getCause(), e);
        } catch (RejectedExecutionException | TimeoutException e) {
            throw new IllegalStateException("the process is not running", e);
        }
    }

    /** Stops the loop where it is, as SIGSTOP stops a process, until the timer given is cancelled. */
    public Timer freeze() {
        CountDownLatch thaw = new CountDownLatch(1);
        post(() -> {
            try {
                thaw.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return thaw::countDown;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** A bug in one event must not end the loop: it is logged and the next event runs. */
    private static Runnable guarded(Runnable action) {
        return () -> {
            try {
                action.run();
            } catch (RuntimeException e) { // top of the thread
                LOG.atError().setCause(e).log("event failed");
            }
        };
    }
}
