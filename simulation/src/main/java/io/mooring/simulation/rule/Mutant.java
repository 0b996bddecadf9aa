package io.mooring.simulation.rule;

import java.util.Arrays;
import java.util.Locale;

/**
 * A mistake that the simulation has to find, made by wrapping a port or a decision. Each is one that some scheduler in
 * the wild has made, or that this one could.
 */
public enum Mutant {
    /** A claim whose holder is silent, or does not let go, is released after two minutes. */
    RELEASE_ON_TIMEOUT,
    /** Updates are acknowledged when they are decided on, before that is durable. */
    ACK_BEFORE_COMMIT,
    /** Transactions do not check the epoch. */
    NO_EPOCH_CHECK,
    /** Executors do not wait for GO. */
    NO_ACTIVATION,
    /** The agent's plugin works on mount and unmount of one volume side by side, and cannot say so. */
    UNSERIALIZED_MOUNTS,
    /** The plugin's answer to Unmount counts as proof of release. */
    RELEASE_ON_UNMOUNT_ANSWER,
    /** An order to cut a machine off hits whatever is attached there, under whichever fence. */
    FENCE_WITHOUT_NUMBER,
    /** The reaper takes entries of executors whose process id it does not see. */
    REAPER_BY_PID,
    /** Schedulers keep no epoch outside of the store, so that one from a copy looks like any other. */
    NO_ROLLBACK_GUARD;

    /** Its name on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The mutant of that name; the error lists all names. */
    public static Mutant of(String word) {
        return Arrays.stream(values())
                .filter(mutant -> mutant.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no mutant '" + word + "'; there are "
                        + String.join(
                                ", ", Arrays.stream(values()).map(Mutant::word).toList())));
    }
}
