package io.mooring.executor.engine;

import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.executor.run.ForeignLaunch;

/** The claim service, for a task that another framework launched. */
public interface ForeignPort {
    /** Of an executor that only its own scheduler launches. */
    ForeignPort NONE = launch -> new Claimed.Refused("the task has no order of Mooring's");

    /** Claims what the task asks for. Blocks, within bounds, and touches nothing on this machine. */
    Claimed claim(ForeignLaunch launch);

    /** What came of it. */
    sealed interface Claimed {
        /** The order as our own scheduler would have given it. */
        record Granted(RunWorkload order) implements Claimed {}

        /** The task fails, with this reason. */
        record Refused(String reason) implements Claimed {}
    }
}
