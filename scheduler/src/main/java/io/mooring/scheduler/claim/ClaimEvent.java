package io.mooring.scheduler.claim;

import io.mooring.common.ids.BootId;

/** What can happen to a claim. */
public sealed interface ClaimEvent {
    Kind kind();

    /** One constant for each event, so that the machine's switch is checked for completeness. */
    enum Kind {
        ACTIVATE,
        MOUNT,
        STOP,
        REVOKE,
        RECORD_COMPLETE,
        RECORD_MISSING,
        CONTACT_LOST,
        CONTACT_REGAINED,
        BACKEND_CLEAR,
        REBOOT,
        FENCE,
        FENCED,
        CONFIRM,
        STORE_WENT_BACK
    }

    /** The executor asks for the right to touch the volume (T2). */
    record Activate(BootId boot) implements ClaimEvent {
        @Override
        public Kind kind() {
            return Kind.ACTIVATE;
        }
    }

    /** The executor has mounted the volume and runs its workload (T4). */
    record Mount() implements ClaimEvent {
        @Override
        public Kind kind() {
            return Kind.MOUNT;
        }
    }

    /** The task is to end (T5). */
    record Stop() implements ClaimEvent {
        @Override
        public Kind kind() {
            return Kind.STOP;
        }
    }

    /** The launch came to nothing, or is called off (T3). */
    record Revoke(String why) implements ClaimEvent {
        @Override
        public Kind kind() {
            return Kind.REVOKE;
        }
    }

    /** The task ended and its record proves that the machine let go (T6: E1, or E1b from a clean-up). */
    record RecordComplete(Evidence evidence) implements ClaimEvent {
        @Override
        public Kind kind() {
            return Kind.RECORD_COMPLETE;
        }
    }

    /** The task ended without such a record (T7). */
    record RecordMissing(String why) implements ClaimEvent {
        @Override
        public Kind kind() {
            return Kind.RECORD_MISSING;
        }
    }

    /** Mesos does not know what the task does (T8). */
    record ContactLost(String why) implements ClaimEvent {
        @Override
        public Kind kind() {
            return Kind.CONTACT_LOST;
        }
    }

    /** The task is reported running again (T9). */
    record ContactRegained(ClaimState before) implements ClaimEvent {
        @Override
        public Kind kind() {
            return Kind.CONTACT_REGAINED;
        }
    }

    /** The backend said twice that the volume is not attached there (T13, E2). */
    record BackendClear(Evidence evidence) implements ClaimEvent {
        @Override
        public Kind kind() {
            return Kind.BACKEND_CLEAR;
        }
    }

    /** The machine runs another boot now (T14, E4). */
    record Reboot(Evidence evidence) implements ClaimEvent {
        @Override
        public Kind kind() {
            return Kind.REBOOT;
        }
    }

    /** Policy or operator order the fence (T10); the operation is on record with the same commit. */
    record Fence(String operation) implements ClaimEvent {
        @Override
        public Kind kind() {
            return Kind.FENCE;
        }
    }

    /** The backend has cut the holder off and verified it (T11, E3). */
    record Fenced(Evidence evidence) implements ClaimEvent {
        @Override
        public Kind kind() {
            return Kind.FENCED;
        }
    }

    /**
     * The store was restored from an older copy. A claim that was reserved then may have been activated in what is lost, so
     * from now on it is freed by evidence only.
     */
    record StoreWentBack(String why) implements ClaimEvent {
        @Override
        public Kind kind() {
            return Kind.STORE_WENT_BACK;
        }
    }

    /** The operator gives their word (T12, E5). */
    record Confirm(Evidence evidence) implements ClaimEvent {
        @Override
        public Kind kind() {
            return Kind.CONFIRM;
        }
    }
}
