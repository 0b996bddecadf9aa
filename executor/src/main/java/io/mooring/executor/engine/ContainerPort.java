package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport.EngineReport;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.Outcome;

/** The machine's containers, by name, whoever made them. Blocks. */
public interface ContainerPort {
    /** Stops and removes one. Done only on the engine's word that there is none of that name, now or any more. */
    Outcome<Acknowledged> remove(String name);

    /** What the engine says of itself. Touches nothing. */
    EngineReport look();
}
