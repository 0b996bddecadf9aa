package io.mooring.plugin.volume;

/** What a host may do with a volume that it has attached. */
public enum Access {
    /** One host at a time. */
    READ_WRITE,
    /** Any number of hosts, none of which writes. */
    READ_ONLY
}
