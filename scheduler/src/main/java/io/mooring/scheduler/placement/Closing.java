package io.mooring.scheduler.placement;

/** Why an agent is not to be relied on for long. */
public record Closing(When when, String reason) {
    /** How near it is. */
    public enum When {
        /** A task would hardly have started before it has to leave again. */
        SOON,
        /** Better than nothing. */
        LATER
    }
}
