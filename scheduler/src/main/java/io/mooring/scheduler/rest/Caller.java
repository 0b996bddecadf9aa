package io.mooring.scheduler.rest;

import jakarta.ws.rs.core.SecurityContext;

/** Who asks, for the audit. */
final class Caller {
    private Caller() {}

    /** Without authentication nobody is known by name. */
    static String name(SecurityContext context) {
        return context == null || context.getUserPrincipal() == null
                ? "anonymous"
                : context.getUserPrincipal().getName();
    }
}
