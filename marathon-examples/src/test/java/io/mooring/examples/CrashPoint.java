package io.mooring.examples;

import java.util.List;

/**
 * The moments of a launch and of a stop at which a process can die. Between two steps of different processes there is one
 * moment, which is after the one step and before the next; where one process does both, and something lies between them,
 * there are two.
 */
enum CrashPoint {
    BEFORE_S1("before:S1", Place.SCHEDULER, Phase.LAUNCH, "grant"),
    AFTER_S1("after:S1", Place.SCHEDULER, Phase.LAUNCH, "grant"),
    BEFORE_S2("before:S2", Place.SCHEDULER, Phase.LAUNCH, "ACCEPT"),
    /** Also before S3: the master has it. */
    AFTER_S2("after:S2", Place.SCHEDULER, Phase.LAUNCH, "ACCEPT"),
    /** Also after S3: the agent started the executor, which has not subscribed. */
    BEFORE_S4("before:S4", Place.EXECUTOR, Phase.LAUNCH, "executor up"),
    /** Also after S4: subscribed. */
    BEFORE_S5("before:S5", Place.EXECUTOR, Phase.LAUNCH, "LAUNCH"),
    /** Also after S5: the intent is in the journal. */
    BEFORE_S6("before:S6", Place.EXECUTOR, Phase.LAUNCH, "STARTING"),
    /** Also after S6: the scheduler has the activation request. */
    BEFORE_S7("before:S7", Place.SCHEDULER, Phase.LAUNCH, "activation"),
    AFTER_S7("after:S7", Place.SCHEDULER, Phase.LAUNCH, "activation"),
    BEFORE_S8("before:S8", Place.SCHEDULER, Phase.LAUNCH, "GO"),
    AFTER_S8("after:S8", Place.SCHEDULER, Phase.LAUNCH, "GO"),
    BEFORE_S9("before:S9", Place.EXECUTOR, Phase.LAUNCH, "attach"),
    /** Also after S9: the plugin has attached the device. */
    BEFORE_S10("before:S10", Place.PLUGIN, Phase.LAUNCH, "mount"),
    AFTER_S10("after:S10", Place.EXECUTOR, Phase.LAUNCH, "mount"),
    BEFORE_S11("before:S11", Place.EXECUTOR, Phase.LAUNCH, "RUNNING"),
    AFTER_S11("after:S11", Place.SCHEDULER, Phase.LAUNCH, "RUNNING"),
    BEFORE_S12("before:S12", Place.SCHEDULER, Phase.STOP, "KILL"),
    AFTER_S12("after:S12", Place.SCHEDULER, Phase.STOP, "KILL"),
    BEFORE_S13("before:S13", Place.EXECUTOR, Phase.STOP, "workload dead"),
    /** Also after S13: the workload's namespaces are gone. */
    BEFORE_S14("before:S14", Place.EXECUTOR, Phase.STOP, "unmount"),
    /** Also after S14: unmounted, and nobody has looked whether it is detached. */
    BEFORE_S15("before:S15", Place.PLUGIN, Phase.STOP, "detach"),
    AFTER_S15("after:S15", Place.EXECUTOR, Phase.STOP, "detach"),
    BEFORE_S16("before:S16", Place.EXECUTOR, Phase.STOP, "terminal update"),
    /** Also after S16: the scheduler has the release record. */
    BEFORE_S17("before:S17", Place.SCHEDULER, Phase.STOP, "release"),
    AFTER_S17("after:S17", Place.SCHEDULER, Phase.STOP, "release"),
    BEFORE_S18("before:S18", Place.SCHEDULER, Phase.STOP, "ack"),
    AFTER_S18("after:S18", Place.SCHEDULER, Phase.STOP, "ack");

    private final String at;
    private final Place place;
    private final Phase phase;
    private final String step;

    /** Which process comes to the point. */
    enum Place {
        SCHEDULER,
        EXECUTOR,
        PLUGIN
    }

    enum Phase {
        LAUNCH,
        STOP
    }

    /** Which process is killed there. */
    enum Victim {
        SCHEDULER,
        EXECUTOR
    }

    CrashPoint(String at, Place place, Phase phase, String step) {
        this.at = at;
        this.place = place;
        this.phase = phase;
        this.step = step;
    }

    /** The point's name to the processes. */
    String at() {
        return at;
    }

    Place place() {
        return place;
    }

    Phase phase() {
        return phase;
    }

    /** There is an executor from the moment on that the agent starts it, until the agent has its terminal update. */
    boolean kills(Victim victim) {
        return switch (victim) {
            case SCHEDULER -> true;
            case EXECUTOR -> compareTo(BEFORE_S4) >= 0 && compareTo(BEFORE_S16) <= 0;
        };
    }

    boolean sampled(Victim victim) {
        return switch (victim) {
            case SCHEDULER -> this == AFTER_S1 || this == BEFORE_S17;
            case EXECUTOR -> this == BEFORE_S10 || this == BEFORE_S14;
        };
    }

    /**
     * How many grants it takes until the app runs again. What was granted and never sent is taken back and granted anew; a
     * task outlives its scheduler, but not its executor.
     */
    long grants(Victim victim) {
        if (phase == Phase.STOP) {
            return 1;
        }
        return switch (victim) {
            case SCHEDULER -> this == AFTER_S1 || this == BEFORE_S2 ? 2 : 1;
            case EXECUTOR -> 2;
        };
    }

    /**
     * What may free the claim that was there when the process died. An executor that was killed never said anything, so
     * it takes a clean-up on its machine, unless it had not been activated.
     */
    List<String> freedBy(Victim victim) {
        return switch (victim) {
            case SCHEDULER -> phase == Phase.STOP ? List.of("E1") : List.of("NEVER_ACTIVATED");
            case EXECUTOR -> compareTo(BEFORE_S8) < 0 ? List.of("NEVER_ACTIVATED", "E1b") : List.of("E1b");
        };
    }

    @Override
    public String toString() {
        return at.replace(':', ' ') + " (" + step + ")";
    }
}
