package io.mooring.executor.mount;

import java.util.Optional;

/** Something that happened to one volume. */
public sealed interface VolumeEvent {
    /** Which of the records it is, so that a switch over all of them is checked by the compiler. */
    Kind kind();

    /** One constant for each record. */
    enum Kind {
        GRANTED,
        LOOKED,
        CREATED,
        MOUNTED,
        TAKEN_OVER,
        CHECKED,
        RELEASE_WANTED,
        HAND_OVER_WANTED,
        STRANGERS_SEEN,
        FLIGHT_SEEN,
        CONTAINER_REMOVED,
        UNMOUNTED,
        VERIFIED,
        RETRY_DUE,
        GIVEN_UP
    }

    /** It is this volume's turn, and its claim is activated. */
    record Granted() implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.GRANTED;
        }
    }

    /** The plugin's answer to Get. */
    record Looked(Outcome<Existence> outcome) implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.LOOKED;
        }
    }

    /** The plugin's answer to Create. */
    record Created(Outcome<Acknowledged> outcome) implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.CREATED;
        }
    }

    /** The plugin's answer to Mount: the path. */
    record Mounted(Outcome<String> outcome) implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.MOUNTED;
        }
    }

    /** The plugin's answer to the order to give it from one claim to the next. */
    record TakenOver(Outcome<Acknowledged> outcome) implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.TAKEN_OVER;
        }
    }

    /** What the mount table says to that path. */
    record Checked(MountCheck check) implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.CHECKED;
        }
    }

    /** The workload is gone, or never came: give the volume back. */
    record ReleaseWanted() implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.RELEASE_WANTED;
        }
    }

    /** The workload is gone, and a successor on this machine is to have the volume as it is. */
    record HandOverWanted() implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.HAND_OVER_WANTED;
        }
    }

    /** Who has a copy of the mount beside the machine itself, in words; empty if nobody has. */
    record StrangersSeen(Optional<String> stranger) implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.STRANGERS_SEEN;
        }
    }

    /** Whether the plugin still works on the volume, and what it says is mounted, if it does. */
    record FlightSeen(Flight flight, Optional<MountFacts> seen) implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.FLIGHT_SEEN;
        }
    }

    /** What the engine says of the container that was to be removed. */
    record ContainerRemoved(Outcome<Acknowledged> outcome) implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.CONTAINER_REMOVED;
        }
    }

    /** The plugin's answer to Unmount. */
    record Unmounted(Outcome<Acknowledged> outcome) implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.UNMOUNTED;
        }
    }

    /** What is left of it on this machine. */
    record Verified(ReleaseFacts facts) implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.VERIFIED;
        }
    }

    /** The pause before another attempt is over. */
    record RetryDue() implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.RETRY_DUE;
        }
    }

    /** Time is up: say what is missing. */
    record GivenUp() implements VolumeEvent {
        @Override
        public Kind kind() {
            return Kind.GIVEN_UP;
        }
    }
}
