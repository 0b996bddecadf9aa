package io.mooring.scheduler.definition;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How an app's tasks are looked after once they are launched, and how others come in their place.
 *
 * @param health how the executor finds out whether a task is well; empty for a task that is well as long as it runs
 * @param readiness what a new task is asked before an old one goes
 * @param upgrade as the user wants it; empty for what is usual
 * @param unreachable what becomes of tasks that nobody reaches
 * @param dependencies apps and groups, by absolute path, that a change brings up before this app
 * @param furtherHealth what it asks beside that; a field of its own, so that an earlier version of Mooring reads the record
 */
public record Upkeep(
        Optional<AppHealthCheck> health,
        Optional<ReadinessCheck> readiness,
        Optional<UpgradeStrategy> upgrade,
        KillSelection killSelection,
        Unreachable unreachable,
        List<String> dependencies,
        List<AppHealthCheck> furtherHealth) {
    /** Of an app that says nothing of it. */
    public static final Upkeep USUAL = new Upkeep(Optional.empty());

    public Upkeep {
        // What an earlier version of Mooring recorded says less.
        readiness = readiness == null ? Optional.empty() : readiness;
        upgrade = upgrade == null ? Optional.empty() : upgrade;
        killSelection = killSelection == null ? KillSelection.YOUNGEST_FIRST : killSelection;
        unreachable = unreachable == null ? Unreachable.AT_ONCE : unreachable;
        dependencies = dependencies == null ? List.of() : List.copyOf(dependencies);
        furtherHealth = furtherHealth == null ? List.of() : List.copyOf(furtherHealth);
    }

    /** With one health check at most. */
    public Upkeep(
            Optional<AppHealthCheck> health,
            Optional<ReadinessCheck> readiness,
            Optional<UpgradeStrategy> upgrade,
            KillSelection killSelection,
            Unreachable unreachable,
            List<String> dependencies) {
        this(health, readiness, upgrade, killSelection, unreachable, dependencies, List.of());
    }

    /** With nothing but a health check. */
    public Upkeep(Optional<AppHealthCheck> health) {
        this(health, Optional.empty(), Optional.empty(), KillSelection.YOUNGEST_FIRST, Unreachable.AT_ONCE, List.of());
    }

    /** All of them, in the definition's order. */
    public List<AppHealthCheck> healthChecks() {
        return Stream.concat(health.stream(), furtherHealth.stream()).toList();
    }
}
