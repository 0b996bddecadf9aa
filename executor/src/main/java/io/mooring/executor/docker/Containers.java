package io.mooring.executor.docker;

import io.mooring.common.command.ExecutorReport.EngineReport;
import io.mooring.executor.docker.EngineException.Kind;
import io.mooring.executor.engine.ContainerPort;
import io.mooring.executor.engine.MountView;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.Outcome;
import java.nio.file.Path;

/** The containers of one engine. Its client is loaded when the first container is touched. */
public final class Containers implements ContainerPort {
    private final Path socket;
    private final MountView view;
    private DockerApi api;

    public Containers(Path socket, MountView view) {
        this.socket = socket;
        this.view = view;
    }

    synchronized DockerApi api() {
        if (api == null) {
            api = new DockerApi(socket);
        }
        return api;
    }

    Path socket() {
        return socket;
    }

    @Override
    public Outcome<Acknowledged> remove(String name) {
        try {
            api().ask(client -> client.removeContainerCmd(name)
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec());
            api().ask(client -> client.inspectContainerCmd(name).exec());
            return new Outcome.Unknown<>("the engine still has it after its removal");
        } catch (EngineException e) {
            return e.kind() == Kind.NOT_FOUND
                    ? new Outcome.Done<>(Acknowledged.YES)
                    : new Outcome.Unknown<>(e.getMessage());
        }
    }

    @Override
    public EngineReport look() {
        EngineReport engine = new EngineVersion(socket).ask();
        return engine.healthy() ? new EngineReport(true, engine.what(), view.outOfReach(socket)) : engine;
    }
}
