package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.executor.mount.VolumeState;
import java.util.Optional;

/**
 * One volume on its way, with the journal entry that this process holds for it.
 *
 * @param held empty as long as nothing is in the journal
 * @param journalTrouble why the journal is behind, empty if it is not
 */
record Lane(
        Owner owner,
        VolumeState state,
        Optional<JournalPort.Held> held,
        Optional<ReleasedVolume> record,
        String journalTrouble) {
    /** On whose behalf the volume is handled. */
    enum Owner {
        /** The task of this executor. */
        TASK,
        /** A clean-up order. */
        CLEAN_UP,
        /** Nobody asked: a dead executor left it. */
        REAPER
    }

    static Lane of(Owner owner, VolumeState state, Optional<JournalPort.Held> held) {
        return new Lane(owner, state, held, Optional.empty(), "");
    }

    Lane with(VolumeState next) {
        return new Lane(owner, next, held, record, journalTrouble);
    }

    Lane with(Owner next) {
        return new Lane(next, state, held, record, journalTrouble);
    }

    Lane holding(JournalPort.Held entry) {
        return new Lane(owner, state, Optional.of(entry), record, journalTrouble);
    }

    Lane released(ReleasedVolume last) {
        return new Lane(owner, state, held, Optional.of(last), journalTrouble);
    }

    Lane journalBehind(String why) {
        return new Lane(owner, state, held, record, why);
    }
}
