package io.mooring.simulation.executor;

import io.mooring.common.command.ExecutorReport.EngineReport;
import io.mooring.executor.engine.ContainerPort;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.Outcome;

/** No machine of the model has a Docker Engine, so none has a container. */
final class NoContainers implements ContainerPort {
    @Override
    public Outcome<Acknowledged> remove(String name) {
        throw new IllegalStateException("no task of the model has a container, and " + name + " is to be removed");
    }

    @Override
    public EngineReport look() {
        return new EngineReport(false, "machines of the model have no engine");
    }
}
