package io.mooring.executor.docker;

import io.mooring.common.command.ExecutorReport.EngineReport;
import io.mooring.executor.docker.EngineException.Kind;
import io.mooring.executor.engine.ContainerPort;
import io.mooring.executor.engine.MountView;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The containers of one engine. Its client is loaded when the first container is touched. */
public final class Containers implements ContainerPort {
    private static final Logger log = LoggerFactory.getLogger(Containers.class);

    private final Path socket;
    private final MountView view;
    private final ContainerMarks marks;
    private DockerApi api;

    /** @param marks the directory beside the journal where it is noted which containers have no claim */
    public Containers(Path socket, MountView view, Path marks) {
        this.socket = socket;
        this.view = view;
        this.marks = new ContainerMarks(marks);
    }

    /** Removes what dead executors left of tasks without volumes; those with volumes are the reaper's. */
    public void sweep(Executor workers) {
        try {
            marks.left().forEach(left -> workers.execute(() -> sweep(left)));
        } catch (IOException e) {
            log.warn("containers without a claim cannot be swept: {}", e.getMessage());
        }
    }

    private void sweep(ContainerMarks.Mark left) {
        try {
            Outcome<Acknowledged> removed = remove(left.name());
            if (removed instanceof Outcome.Done<Acknowledged>) {
                left.clear();
                log.info("container {} of a dead executor is gone", left.name());
            } else {
                left.letGo();
                log.warn("container {} of a dead executor may be left: {}", left.name(), removed.reason());
            }
        } catch (IOException e) {
            log.warn("the mark of container {} stays: {}", left.name(), e.getMessage());
        }
    }

    ContainerMarks marks() {
        return marks;
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
