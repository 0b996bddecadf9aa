package io.mooring.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;

/** Tells what happens, with the time since the start before each line. */
final class Story {
    private final PrintWriter out;
    private final long began = System.nanoTime();
    private int steps;
    private String step = "before the first step";

    Story(PrintWriter out) {
        this.out = out;
    }

    /** A new chapter. */
    synchronized void step(String what) {
        steps++;
        step = steps + ". " + what;
        out.println();
        out.println(step);
        out.flush();
    }

    synchronized void say(String what) {
        double seconds = Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0;
        out.printf("   %6.1f s  %s%n", seconds, what);
        out.flush();
    }

    /** The chapter that is being told. */
    synchronized String current() {
        return step;
    }
}
