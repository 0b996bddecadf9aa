package io.mooring.local.agent;

/** The status that wait(2) gives for the first process of a container, as FAILURE carries it. */
final class WaitStatus {
    /** Mesos' number where nobody could wait. */
    static final int UNKNOWN = -1;

    private WaitStatus() {}

    /**
     * The first process of a real container waits for the executor, and exits with 128 plus the number of a signal that
     * ended it; the JDK tells a signal the same way.
     */
    static int of(int exitValue) {
        return exitValue << 8;
    }
}
