package io.mooring.executor.mount;

/** The answer of a call that answers nothing but that it is done. */
public enum Acknowledged {
    YES
}
