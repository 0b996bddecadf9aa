package io.mooring.scheduler.placement;

/** Why a task cannot go where an offer is, or cannot go anywhere yet. */
public record Veto(Kind kind, String reason) {
    /** What stands in the way; the order is the one in which reasons are told, storage first. */
    public enum Kind {
        CLAIM(Scope.EVERYWHERE),
        VOLUME_STATE(Scope.EVERYWHERE),
        MACHINE(Scope.AGENT),
        DRIVER(Scope.AGENT),
        ENGINE(Scope.AGENT),
        LOCATION(Scope.AGENT),
        ZONE(Scope.AGENT),
        SLOTS(Scope.AGENT),
        CAPACITY(Scope.AGENT),
        MAINTENANCE(Scope.AGENT),
        RESOURCES(Scope.AGENT),
        PORTS(Scope.AGENT),
        CONSTRAINT(Scope.AGENT),
        ROLE(Scope.AGENT),
        BACKOFF(Scope.EVERYWHERE),
        NO_OFFERS(Scope.EVERYWHERE);

        private final Scope scope;

        Kind(Scope scope) {
            this.scope = scope;
        }

        public Scope scope() {
            return scope;
        }
    }

    /** Whether the veto is about one agent, or holds wherever the task would go. */
    public enum Scope {
        AGENT,
        EVERYWHERE
    }
}
