package io.mooring.simulation.fault;

/** Every kind of fault: what happens by itself now and then, and what happens to one operation in so many. */
public enum Fault {
    // Now and then, with the mean time between two of them at full strength, in seconds.
    SCHEDULER_CRASH(120),
    SCHEDULER_PAUSE(120),
    SESSION_LOST(200),
    STORE_DOWN(300),
    STREAM_CUT(120),
    MASTER_FAILOVER(250),
    PARTITION(70),
    AGENT_RESTART(120),
    REBOOT(200),
    REBOOT_AS_ANOTHER_AGENT(300),
    EXECUTOR_CRASH(80),
    PLUGIN_RESTART(120),
    USER_RESTARTS_APP(80),
    USER_DELETES_APP(150),
    OPERATOR_MARKS_GONE(300),
    STORE_RESTORED(500),
    FRAMEWORK_REMOVED(500),
    FOREIGN_ATTACHMENT(120),

    // One operation in so many, as a probability at full strength.
    CRASH_BETWEEN_STEPS(0.01),
    STORE_REQUEST_LOST(0.01),
    STORE_ANSWER_LOST(0.02),
    STORE_SLOW(0.10),
    MESSAGE_LOST(0.30),
    UPDATE_TWICE(0.20),
    OFFER_RESCINDED(0.10),
    LAUNCH_SLOW(0.10),
    PLUGIN_HANGS(0.15),
    PLUGIN_REQUEST_LOST(0.10),
    PLUGIN_ANSWER_LOST(0.15),
    PLUGIN_FAILS(0.10),
    JOURNAL_FULL(0.05),
    LEAKED_NAMESPACE(0.60),
    WORKLOAD_IGNORES_TERM(0.30),
    WORKLOAD_OUTLIVES_EXECUTOR(0.30),
    WORKLOAD_ENDS_BY_ITSELF(0.20),
    CLOCK_SKEW(0.50);

    private final double strength;

    Fault(double strength) {
        this.strength = strength;
    }

    /** Whether it happens by itself, rather than to an operation. */
    public boolean happens() {
        return strength > 1;
    }

    double strength() {
        return strength;
    }
}
