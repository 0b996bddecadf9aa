package io.mooring.executor.run;

import java.time.Duration;

/** Something that happened to the task. */
public sealed interface TaskEvent {
    /** Which of the records it is, so that a switch over all of them is checked by the compiler. */
    Kind kind();

    /** One constant for each record. */
    enum Kind {
        LAUNCHED,
        FIT,
        UNFIT,
        JOURNALED,
        GRANTED,
        DENIED,
        SILENCE,
        VOLUME_READY,
        VOLUME_FAILED,
        VOLUME_RELEASED,
        STARTED,
        NOT_STARTED,
        ENDED,
        STOP_WANTED,
        GRACE_OVER,
        ACKNOWLEDGED
    }

    /** The order came, with this many claimed volumes and this grace between SIGTERM and SIGKILL. */
    record Launched(int volumes, Duration killGrace) implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.LAUNCHED;
        }
    }

    /** The order can be carried out here. */
    record Fit() implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.FIT;
        }
    }

    /** It cannot, and nothing was touched. */
    record Unfit(String reason) implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.UNFIT;
        }
    }

    /** The intent to use each volume is on disk. */
    record Journaled() implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.JOURNALED;
        }
    }

    /** The scheduler activated all claims. */
    record Granted() implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.GRANTED;
        }
    }

    /** The claims are not this task's any more. */
    record Denied(String reason) implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.DENIED;
        }
    }

    /** The scheduler did not answer for too long. */
    record Silence(Duration waited) implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.SILENCE;
        }
    }

    record VolumeReady(int index) implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.VOLUME_READY;
        }
    }

    record VolumeFailed(int index, String reason) implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.VOLUME_FAILED;
        }
    }

    record VolumeReleased(int index) implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.VOLUME_RELEASED;
        }
    }

    /** The workload runs. */
    record Started() implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.STARTED;
        }
    }

    /** It could not be started; nothing of it runs, and no namespace of it is left. */
    record NotStarted(String reason) implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.NOT_STARTED;
        }
    }

    /** Its first process ended, and both its namespaces are gone, with all binds in them. */
    record Ended(Exit exit) implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.ENDED;
        }
    }

    /** KILL or SHUTDOWN came, or the agent is lost for good. A later one may shorten the grace, never lengthen it. */
    record StopWanted(String why, Grace grace) implements TaskEvent {
        /** Somebody else owns what the workload writes to: it has to end at once. */
        public static StopWanted overtaken(String why) {
            return new StopWanted("overtaken: " + why, Grace.of(Duration.ZERO));
        }

        @Override
        public Kind kind() {
            return Kind.STOP_WANTED;
        }
    }

    /** SIGTERM was not enough. */
    record GraceOver() implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.GRACE_OVER;
        }
    }

    /** The terminal update is acknowledged, or it was waited for long enough. */
    record Acknowledged() implements TaskEvent {
        @Override
        public Kind kind() {
            return Kind.ACKNOWLEDGED;
        }
    }
}
