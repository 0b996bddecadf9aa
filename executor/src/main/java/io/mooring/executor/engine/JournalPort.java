package io.mooring.executor.engine;

import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.mount.HighWater;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.mount.MountFacts;
import io.mooring.executor.mount.VolumeStep;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** This machine's journal. What a method writes is on disk when it returns. */
public interface JournalPort {
    /** Begins and locks an entry. */
    Held open(JournalEntry intent) throws IOException;

    /** Locks the entry of a dead executor; empty if there is none, or a live one holds it. */
    Optional<Held> take(ClaimId claim) throws IOException;

    /** All claims that have an entry. */
    List<ClaimId> open() throws IOException;

    /** An entry without its lock. */
    Optional<JournalEntry> look(ClaimId claim) throws IOException;

    HighWater highWater(VolumeName volume) throws IOException;

    /** Lifts a volume's high-water mark to a claim's fence. */
    void raise(ClaimedVolume volume) throws IOException;

    /** The highest scheduler epoch that this machine has seen; 0 if none. */
    default long highestEpoch() throws IOException {
        return 0;
    }

    /** Notes that an epoch was seen. */
    default void raiseEpoch(long epoch) throws IOException {}

    /** An entry whose lock this process has. */
    interface Held {
        JournalEntry entry();

        void append(VolumeStep step, Optional<MountFacts> facts) throws IOException;

        /** Notes the container that is about to be made with the volume in it. */
        void container(String name) throws IOException;

        /** How long ago its last step was written. */
        default Duration age() throws IOException {
            return Duration.ZERO;
        }

        /** Takes the entry off the journal and frees the lock. */
        void close() throws IOException;

        /** Frees the lock and leaves the entry. */
        void letGo() throws IOException;
    }
}
