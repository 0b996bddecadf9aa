package io.mooring.common.probe;

import io.mooring.common.health.Answer;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.Probe;
import java.time.Duration;
import java.util.function.BiConsumer;

/** One question, asked of a running task again and again until it is stopped, on a thread of its own. */
public final class Checking implements AutoCloseable {
    private final Thread thread;
    private volatile boolean stopped;

    /**
     * Begins to ask, after the delay of the rhythm.
     *
     * @param answers is given every answer and the age of the task then, on the asking thread, none after {@link #close}
     */
    public static Checking begin(Probe probe, CheckRhythm rhythm, Prober prober, BiConsumer<Answer, Duration> answers) {
        return new Checking(probe, rhythm, prober, answers);
    }

    private Checking(Probe probe, CheckRhythm rhythm, Prober prober, BiConsumer<Answer, Duration> answers) {
        long started = System.nanoTime();
        thread = new Thread(
                () -> {
                    try {
                        Thread.sleep(rhythm.delay().toMillis());
                        while (!stopped) {
                            Answer answer = prober.ask(probe, rhythm.timeout());
                            if (stopped) {
                                return;
                            }
                            answers.accept(answer, Duration.ofNanos(System.nanoTime() - started));
                            Thread.sleep(rhythm.interval().toMillis());
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "check");
        thread.setDaemon(true);
        thread.start();
    }

    /** Stops asking; a question under way is given up. */
    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
    }
}
