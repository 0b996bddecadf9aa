package io.mooring.executor.process;

/** What the executor may do on this machine, and so how it makes namespaces. */
public enum Privilege {
    /** Mount and PID namespaces directly, any user. */
    ROOT,
    /** Inside a user namespace of its own: no other user, no devices. */
    USER_NAMESPACE
}
