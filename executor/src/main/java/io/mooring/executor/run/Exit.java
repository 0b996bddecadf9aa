package io.mooring.executor.run;

/** How the workload's first process ended. */
public sealed interface Exit {
    /** By itself, with this status. */
    record Status(int status) implements Exit {}

    /** By a signal. */
    record Signal(int number) implements Exit {}

    /** Nobody knows: what watched it was killed itself. */
    record Lost(String reason) implements Exit {}

    /** In the words of a task's message. */
    default String words() {
        if (this instanceof Status status) {
            return "exited with status " + status.status();
        }
        if (this instanceof Signal signal) {
            return "ended by signal " + signal.number();
        }
        return "ended: " + ((Lost) this).reason();
    }

    /** Whether the workload says of itself that it succeeded. */
    default boolean success() {
        return this instanceof Status status && status.status() == 0;
    }
}
