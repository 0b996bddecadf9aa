package io.mooring.scheduler.decision;

/** Where new names come from, so that decisions can be repeated exactly. */
public interface Chance {
    /** A name that was never given before, such as a random UUID in its usual form. */
    String newName();
}
