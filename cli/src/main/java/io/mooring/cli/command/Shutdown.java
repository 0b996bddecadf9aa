package io.mooring.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
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

    private Shutdown() {
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

    /** What a command does, given the means to ask whether it is to end. */
    interface Work {
        int run(Shutdown shutdown) throws IOException;
    }

    /**
     * Runs the command and has every signal wait for its end, however it ends.
     *
     * @return the exit code; 1 after an exception, which is told, 2 if it was about what the person wrote
     */
    static int guarding(Work work, PrintWriter messages) {
        Shutdown shutdown = new Shutdown();
        int code = 1;
        try {
            code = work.run(shutdown);
        } catch (IllegalArgumentException e) {
            messages.println(Trouble.words(e));
            code = 2;
        } catch (IOException | RuntimeException e) {
            messages.println(shutdown.requested() ? "stopped by a signal" : Trouble.words(e));
        } finally {
            messages.flush();
            shutdown.exitCode = code;
            shutdown.finished.countDown();
        }
        return code;
    }
}
