package io.mooring.local.operator;

import io.mooring.local.master.Master;

/** What one master process is at the moment. */
public sealed interface Leadership {
    /** It leads. */
    record Leads(Master master) implements Leadership {}

    /** It was elected and has not read its registry. */
    record Recovers(Master master) implements Leadership {}

    /** Another one leads. */
    record Follows(int leaderPort) implements Leadership {}

    /** Nobody is known to lead. */
    record Leaderless() implements Leadership {}
}
