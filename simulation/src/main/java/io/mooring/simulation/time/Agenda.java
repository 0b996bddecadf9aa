package io.mooring.simulation.time;

import java.time.Instant;
import java.util.PriorityQueue;

/**
 * Virtual time: what is to happen, in the order of its time, and what falls on the same millisecond in the order in which
 * it was planned. Nothing here ever waits.
 */
public final class Agenda {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long now;
    private long planned;

    private record Entry(long at, long order, Runnable what) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    /** Milliseconds since the start of the seed. */
    public long now() {
        return now;
    }

    public Instant instant() {
        return START.plusMillis(now);
    }

    /** How long until then, at least 0. */
    public long until(Instant then) {
        return Math.max(0, START.plusMillis(now).until(then, java.time.temporal.ChronoUnit.MILLIS));
    }

    /** Has something happen after so many milliseconds. */
    public void in(long delay, Runnable what) {
        entries.add(new Entry(now + Math.max(0, delay), planned++, what));
    }

    /**
     * Has the next thing happen, unless that is after the given time.
     *
     * @return whether something happened
     */
    public boolean step(long last) {
        Entry next = entries.peek();
        if (next == null || next.at() > last) {
            now = Math.max(now, last);
            return false;
        }
        entries.remove();
        now = next.at();
        next.what().run();
        return true;
    }
}
