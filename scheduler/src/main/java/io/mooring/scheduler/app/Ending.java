package io.mooring.scheduler.app;

import io.mooring.scheduler.mesos.SubscriptionEnd;

/** Why a term ends, and what becomes of the process then. */
record Ending(Next next, String why) {
    /** What follows a term. */
    enum Next {
        /** The process lives on, and stands for election again after a while. */
        STAND_BY(0),
        /** What was in memory is not to be trusted: a supervisor starts a fresh process, and it stands by or leads anew. */
        START_AGAIN(1),
        /** Mesos removed the framework: starting again is of no use until an operator says how it goes on. */
        REMOVED(4);

        private final int exitCode;

        Next(int exitCode) {
            this.exitCode = exitCode;
        }

        /** With which a supervisor sees the process end, if it ends. */
        int exitCode() {
            return exitCode;
        }
    }

    static Ending again(String why) {
        return new Ending(Next.START_AGAIN, why);
    }

    static Ending of(SubscriptionEnd end) {
        Next next =
                switch (end.why()) {
                    case REMOVED -> Next.REMOVED;
                    case FAILED_OVER -> Next.STAND_BY;
                    case REFUSED -> Next.START_AGAIN;
                };
        return new Ending(next, end.words());
    }
}
