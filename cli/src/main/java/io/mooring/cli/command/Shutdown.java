package io.mooring.cli.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGINT and SIGTERM into a request: the JVM's shutdown waits until the command has cleaned up after itself, and
 * the process then ends with the command's own exit code.
 */
final class Shutdown {
    private static final long LONGEST_SECONDS = 90;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread command = Thread.currentThread();
    private final Thread hook = new Thread(this::hook, "shutdown");
    private volatile int exitCode;

    Shutdown() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void hook() {
        asked.countDown();
        command.interrupt();
        try {
            if (finished.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean requested() {
        return asked.getCount() == 0;
    }

    /** Waits for the request. */
    void await() {
        boolean waiting = true;
        while (waiting) {
            try {
                asked.await();
                waiting = false;
            } catch (InterruptedException e) {
                // The interrupt is the request; the clean-up that follows must not be interrupted by it.
                waiting = asked.getCount() > 0;
            }
        }
        Thread.interrupted();
    }

    /** The command has cleaned up. Returns the exit code, for an end without a signal. */
    int finish(int code) {
        exitCode = code;
        finished.countDown();
        return code;
    }
}
