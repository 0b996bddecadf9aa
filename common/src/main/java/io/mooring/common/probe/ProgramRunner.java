package io.mooring.common.probe;

import io.mooring.common.health.Probe;
import java.io.IOException;

/** Starts a check's program where its task runs. */
@FunctionalInterface
public interface ProgramRunner {
    /** Starts it with its own and the task's environment; its output goes where the starter's errors go. */
    Process start(Probe.Program program) throws IOException;
}
