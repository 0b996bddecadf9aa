package io.mooring.executor.mount;

/** Why a plugin call is for sure not in effect. */
public enum Refusal {
    /** No connection stood, so nothing was sent. */
    NOT_REACHED,
    /** The plugin does not know the volume (or, with REX-Ray from 0.4 on, another host has it). */
    NOT_FOUND,
    /** A volume of that name is there already. */
    EXISTS,
    /** Another host or another caller has the volume. */
    IN_USE,
    /** The plugin does not know the call (404). */
    NO_SUCH_CALL,
    /** The request itself was wrong. */
    REJECTED
}
