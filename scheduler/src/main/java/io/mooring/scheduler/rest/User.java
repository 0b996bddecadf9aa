package io.mooring.scheduler.rest;

import java.security.Principal;

/** Somebody who may ask. */
public record User(String name, Role role) implements Principal {
    /** What somebody may do. */
    public enum Role {
        /** Ask for anything. */
        READER,
        /** Use the claim service, and nothing else: for the executors of tasks that other frameworks run. */
        EXECUTOR,
        /** Change, release, delete, brake as well. */
        OPERATOR
    }

    @Override
    public String getName() {
        return name;
    }
}
