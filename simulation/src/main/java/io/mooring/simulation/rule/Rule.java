package io.mooring.simulation.rule;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What frees the volumes of a task that nobody reaches. Everything else is the same for all rules, our epochs,
 * activation, journal and order of release included: what is compared is this one decision.
 */
public enum Rule {
    /** Evidence: nothing is released because time has passed. */
    MOORING(Optional.empty(), Detach.NEVER),
    /**
     * Marathon replaces a task at once when its agent is unreachable ({@code unreachableStrategy} with
     * {@code inactiveAfterSeconds: 0}, its default for tasks without local persistent volumes), and REX-Ray mounts with
     * {@code preempt}: the volume is taken from whoever has it.
     */
    MARATHON(Optional.of(Duration.ZERO), Detach.AT_MOUNT),
    /**
     * Kubernetes' attach-detach controller: six minutes after the node became unhealthy the volume is detached by force
     * and attached elsewhere, without a word of the node ({@code maxWaitForUnmountDuration}).
     */
    KUBERNETES(Optional.of(Duration.ofMinutes(6)), Detach.WHEN_FREED),
    /**
     * Nomad's volume watcher: for a node that is down the node's part of the unpublishing counts as done, the
     * controller's part is asked for, and the claim is free.
     */
    NOMAD(Optional.of(Duration.ZERO), Detach.WHEN_FREED);

    private final Optional<Duration> patience;
    private final Detach detach;

    /** When the storage system is told to take the volume from the machine that has it. */
    public enum Detach {
        NEVER,
        AT_MOUNT,
        WHEN_FREED
    }

    Rule(Optional<Duration> patience, Detach detach) {
        this.patience = patience;
        this.detach = detach;
    }

    /** How long a holder that nobody reaches keeps its volumes; empty for ever. */
    public Optional<Duration> patience() {
        return patience;
    }

    public Detach detach() {
        return detach;
    }

    /** Its name on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The rule of that name; the error lists all names. */
    public static Rule of(String word) {
        return Arrays.stream(values())
                .filter(rule -> rule.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no rule '" + word + "'; there are "
                        + String.join(
                                ", ", Arrays.stream(values()).map(Rule::word).toList())));
    }
}
