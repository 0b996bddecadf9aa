package io.mooring.executor.run;

import io.mooring.common.command.ClaimAnswer;
import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.SchedulerMessage.Deny;
import io.mooring.common.command.SchedulerMessage.Go;
import io.mooring.common.command.SchedulerMessage.Grant;
import io.mooring.common.ids.TaskId;
import java.util.Optional;

/** What the answers of the claim service mean for the task that holds the claims. */
public final class Tenure {
    private final TaskId task;
    private final ClaimAnswer granted;

    public Tenure(TaskId task, ClaimAnswer granted) {
        this.task = task;
        this.granted = granted;
    }

    /** An answer of the claim service. */
    public sealed interface Reply {
        /** It was done. */
        record Done(ClaimAnswer answer) implements Reply {}

        /** It was refused, for good. */
        record Refused(String reason) implements Reply {}

        /** The service does not know such claims: they are over since long, or its store lost them. */
        record NotKnown(String reason) implements Reply {}

        /** Nobody answered, or not so that it could be understood. */
        record Unknown(String reason) implements Reply {}
    }

    /** What the workload is to do after a heartbeat. */
    public enum Wish {
        GO_ON,
        /** End with its usual grace. */
        STOP,
        /** End at once: somebody else may have a volume. */
        END_AT_ONCE
    }

    /** T2's answer in the words in which our own scheduler would have sent it; empty if it has to be asked again. */
    public Optional<SchedulerMessage> activated(Reply reply) {
        if (reply instanceof Reply.Done done) {
            return Optional.of(new Go(
                    task,
                    done.answer().epoch(),
                    done.answer().volumes().stream()
                            .map(volume -> new Grant(volume.claim(), volume.fence()))
                            .toList()));
        }
        if (reply instanceof Reply.Refused refused) {
            return Optional.of(new Deny(task, granted.epoch(), refused.reason()));
        }
        return reply instanceof Reply.NotKnown unknown
                ? Optional.of(new Deny(task, granted.epoch(), unknown.reason()))
                : Optional.empty();
    }

    /**
     * Silence changes nothing: the claim is not given away without evidence. A store that does not know it is something else: it
     * was restored from an old copy, or somebody forced the release long ago, and may grant the volume to anybody.
     */
    public Wish beaten(Reply reply) {
        if (reply instanceof Reply.Done done) {
            return done.answer().goal() == ClaimAnswer.Goal.STOP ? Wish.STOP : Wish.GO_ON;
        }
        return reply instanceof Reply.Unknown ? Wish.GO_ON : Wish.END_AT_ONCE;
    }
}
