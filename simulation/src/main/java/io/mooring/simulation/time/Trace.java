package io.mooring.simulation.time;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * What happened in one seed: always as a number, by which two runs are compared, and if wanted in words. The words cost
 * more than the rest of the run, so a seed is run again for them when it failed.
 */
public final class Trace {
    private final Agenda agenda;
    private final int keep;
    private final Deque<String> lines = new ArrayDeque<>();
    private long hash = 17;

    /** @param keep how many lines are kept, the last ones; 0 for none */
    public Trace(Agenda agenda, int keep) {
        this.agenda = agenda;
        this.keep = keep;
    }

    /** Notes that something happened to somebody. */
    public void note(String who, String what) {
        note(who, what, "");
    }

    /** Notes that something happened to somebody, with what or about what. */
    public void note(String who, String what, String with) {
        mix(agenda.now());
        mix(who.hashCode());
        mix(what.hashCode());
        mix(with.hashCode());
        if (keep > 0) {
            if (lines.size() == keep) {
                lines.removeFirst();
            }
            lines.add(String.format(
                    Locale.ROOT,
                    "%10.3f  %-14s %s%s",
                    agenda.now() / 1000.0,
                    who,
                    what,
                    with.isEmpty() ? "" : " " + with));
        }
    }

    private void mix(long value) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 29;
    }

    /** Equal for two runs in which the same things happened at the same times. */
    public long hash() {
        return hash;
    }

    public Deque<String> lines() {
        return lines;
    }

    /** Whether words are kept, so that it is worth while to make them. */
    public boolean keepsWords() {
        return keep > 0;
    }
}
