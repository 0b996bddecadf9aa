package io.mooring.scheduler.app;

import io.mooring.scheduler.mesos.SubscriptionEnd;

/** Why the process ends, and with which exit code a supervisor sees it. */
record Ending(int exitCode, String why) {
    /** A supervisor starts it again, and it stands by or leads anew. */
    static final int AGAIN = 1;
    /** Mesos removed the framework: starting again is of no use until an operator says how it goes on. */
    static final int REMOVED = 4;

    static Ending again(String why) {
        return new Ending(AGAIN, why);
    }

    static Ending of(SubscriptionEnd end) {
        return switch (end.why()) {
            case REMOVED -> new Ending(REMOVED, end.words());
            case FAILED_OVER, REFUSED -> again(end.words());
        };
    }
}
