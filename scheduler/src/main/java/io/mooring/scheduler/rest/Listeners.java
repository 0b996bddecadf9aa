package io.mooring.scheduler.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Who listens to one stream of server-sent events. Each has a bounded queue; one that does not read is cut off, because
 * events it would get late are worth nothing, and nobody else may wait for it.
 */
final class Listeners {
    static final int MOST = 200;

    private static final int QUEUE = 1000;
    private static final int AT_ONCE = 250;
    /** So many listeners add a millisecond to the pause after each flush. */
    private static final int IN_A_MILLISECOND = 4;

    private static final Duration USUAL_SILENCE = Duration.ofSeconds(10);
    private static final byte[] KEEP_ALIVE = ":\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] BEGIN = ": connected\n\n".getBytes(StandardCharsets.UTF_8);

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Duration silence;
    private volatile boolean closed;

    Listeners() {
        this(USUAL_SILENCE);
    }

    /** @param silence without an event, after which a sign of life is sent: proxies end connections that say nothing */
    Listeners(Duration silence) {
        this.silence = silence;
    }

    /** An event as it is sent. */
    static byte[] event(String type, String data) {
        return ("event: " + type + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    boolean none() {
        return listeners.isEmpty();
    }

    boolean full() {
        return listeners.size() >= MOST;
    }

    boolean closed() {
        return closed;
    }

    /** Hands an event to all who want its type. Does not wait for anybody. */
    void tell(String type, byte[] event) {
        listeners.removeIf(listener -> {
            if (listener.wants.test(type)) {
                listener.open = listener.queue.offer(event);
            }
            return !listener.open;
        });
    }

    /** Sends away all who are there: an event was lost that they should have got. */
    void cutOff() {
        listeners.forEach(listener -> listener.open = false);
        listeners.clear();
    }

    /** Sends every listener away, and lets no more in: the process is about to end. */
    void close() {
        closed = true;
        listeners.forEach(listener -> {
            listener.open = false;
            listener.queue.clear();
            listener.queue.offer(KEEP_ALIVE);
        });
    }

    /**
     * Serves one until they leave, or are cut off.
     *
     * @param wants which types of events
     * @param entered is called when they are among those who are told
     */
    void serve(OutputStream output, Predicate<String> wants, Runnable entered) throws IOException {
        Listener listener = new Listener(wants);
        listeners.add(listener);
        try {
            output.write(BEGIN);
            output.flush();
            entered.run();
            while (listener.open && !closed) {
                byte[] first = listener.queue.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
                write(first == null ? KEEP_ALIVE : first, listener, output);
                Thread.sleep(listeners.size() / IN_A_MILLISECOND);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            listeners.remove(listener);
        }
    }

    /**
     * What waits leaves together, and what comes in the pause after it, too: with many listeners it is the flushes that cost,
     * and they would take the processors from the engine. An event after a quiet time leaves at once.
     */
    private static void write(byte[] first, Listener listener, OutputStream output) throws IOException {
        List<byte[]> events = new ArrayList<>();
        events.add(first);
        listener.queue.drainTo(events, AT_ONCE - 1);
        for (byte[] event : events) {
            output.write(event);
        }
        output.flush();
    }

    private static final class Listener {
        private final Predicate<String> wants;
        private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(QUEUE);
        private volatile boolean open = true;

        Listener(Predicate<String> wants) {
            this.wants = wants;
        }
    }
}
