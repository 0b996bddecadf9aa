package io.mooring.scheduler.zookeeper;

/** What stands under the root is not for this scheduler, and waiting does not change that. */
public final class UnusableStoreException extends Exception {
    private static final long serialVersionUID = 1;

    UnusableStoreException(String message) {
        super(message);
    }
}
