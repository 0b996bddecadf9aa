package io.mooring.executor.process;

/** A user of this machine. */
record User(String name, int uid, int gid) {
    boolean root() {
        return uid == 0;
    }
}
