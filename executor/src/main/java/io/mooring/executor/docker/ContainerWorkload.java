package io.mooring.executor.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.health.Answer;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.Probe;
import io.mooring.executor.docker.EngineException.Kind;
import io.mooring.executor.engine.Launch;
import io.mooring.executor.engine.MountView;
import io.mooring.executor.engine.WorkloadException;
import io.mooring.executor.engine.WorkloadPort;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.run.Exit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workload as a container. While the engine does not answer, nothing is known of the container, and so nothing is
 * said: it counts as running.
 */
public final class ContainerWorkload implements WorkloadPort {
    private static final Logger log = LoggerFactory.getLogger(ContainerWorkload.class);

    private static final long PAUSE_MILLIS = 500;
    /** Until the engine would go beyond a stop signal by itself; when that is due is the task's to say. */
    private static final int NEVER_SECONDS = 30 * 24 * 3600;

    private static final int KILLED = 128 + 9;

    private final Containers containers;
    private final MountView view;
    private final Path sandbox;
    private final ContainerOutput output = new ContainerOutput();

    private volatile Optional<ContainerMarks.Mark> mark = Optional.empty();
    private volatile String name = "";
    private volatile boolean ended;
    private volatile String silence = "";
    private volatile Optional<ContainerChecks> checks = Optional.empty();

    public ContainerWorkload(Containers containers, MountView view, Path sandbox) {
        this.containers = containers;
        this.view = view;
        this.sandbox = sandbox;
    }

    @Override
    public Optional<String> objection(RunWorkload order) {
        return new ContainerRules(order).objection();
    }

    @Override
    public void start(Launch launch) throws WorkloadException {
        for (Launch.Mounted volume : launch.volumes()) {
            Optional<String> hidden = view.hiddenFrom(containers.socket(), volume.facts());
            if (hidden.isPresent()) {
                throw new WorkloadException("no container was made for volume '"
                        + volume.volume().request().name() + "': " + hidden.get());
            }
        }
        name = launch.containerName().orElseThrow();
        if (launch.volumes().isEmpty()) {
            mark();
        }
        DockerApi api = containers.api();
        try {
            new ContainerImage(api, launch.workload().container().orElseThrow()).bring();
            ContainerRequest request = new ContainerRequest(launch, sandbox);
            String image = launch.workload().container().orElseThrow().image();
            api.ask(client ->
                    request.fill(client.createContainerCmd(image)).exec().getId());
            api.ask(client -> client.startContainerCmd(name).exec());
            output.follow(api, name);
            verify(launch);
            checks = Optional.of(new ContainerChecks(
                    api, name, launch.workload().container().orElseThrow().network()));
        } catch (EngineException e) {
            discard();
            throw new WorkloadException("the container could not be started: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            discard();
            throw new WorkloadException("the container cannot be made: " + e.getMessage(), e);
        }
    }

    /** Of a task with volumes the journal knows the container. */
    private void mark() throws WorkloadException {
        try {
            mark = Optional.of(containers.marks().set(name));
        } catch (IOException e) {
            throw new WorkloadException("no container was made, because it cannot be noted: " + e.getMessage(), e);
        }
    }

    /** What makes containers need not be the process that serves the socket, so the result is looked at, too. */
    private void verify(Launch launch) throws EngineException, WorkloadException {
        Optional<Long> pid = Optional.ofNullable(state().getPidLong()).filter(number -> number > 0);
        for (Launch.Mounted volume : launch.volumes()) {
            Optional<String> missing = pid.flatMap(process -> view.missingAt(process, volume.facts()));
            if (missing.isPresent()) {
                discard();
                throw new WorkloadException("the container was removed at once: " + missing.get());
            }
        }
    }

    /** Of a task with volumes whatever is left is removed again before they are released; of others by the next executor. */
    private void discard() {
        Outcome<Acknowledged> removed = containers.remove(name);
        if (!(removed instanceof Outcome.Done<Acknowledged>)) {
            log.warn("container {} may be left: {}", name, removed.reason());
            return;
        }
        try {
            if (mark.isPresent()) {
                mark.get().clear();
            }
        } catch (IOException e) {
            log.warn("the mark of container {} stays: {}", name, e.getMessage());
        }
    }

    private ContainerState state() throws EngineException {
        return containers
                .api()
                .ask(client -> client.inspectContainerCmd(name).exec())
                .getState();
    }

    @Override
    public Exit await() throws InterruptedException {
        Optional<Exit> exit = Optional.empty();
        while (exit.isEmpty()) {
            exit = look();
            if (exit.isEmpty()) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
        ended = true;
        output.finish();
        discard();
        return exit.get();
    }

    /** Waits for the end as long as the connection stands; empty if nothing is known yet. */
    private Optional<Exit> look() {
        try {
            ContainerState state = state();
            silence = "";
            if (!Boolean.TRUE.equals(state.getRunning()) && !Boolean.TRUE.equals(state.getRestarting())) {
                return Optional.of(exit(state));
            }
            containers.api().await(client -> client.waitContainerCmd(name)
                    .exec(new WaitContainerResultCallback())
                    .awaitStatusCode());
            return Optional.of(exit(state()));
        } catch (EngineException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.of(new Exit.Lost("its container was removed by somebody else"));
            }
            silence = e.getMessage();
            return Optional.empty();
        }
    }

    private static Exit exit(ContainerState state) {
        long code = state.getExitCodeLong() == null ? KILLED : state.getExitCodeLong();
        if (Boolean.TRUE.equals(state.getOOMKilled())) {
            return new Exit.Lost("it needed more memory than its task has (exit status " + code + ")");
        }
        return new Exit.Status((int) code);
    }

    /** The image's stop signal. */
    @Override
    public void terminate() {
        insist("stop", client -> client.stopContainerCmd(name)
                .withTimeout(NEVER_SECONDS)
                .exec());
    }

    @Override
    public void enforce() {
        insist("kill", client -> client.killContainerCmd(name).exec());
    }

    /** Until the engine has answered, whatever it answers. */
    private void insist(String what, java.util.function.Function<com.github.dockerjava.api.DockerClient, Void> call) {
        while (!ended) {
            try {
                containers.api().await(call);
                return;
            } catch (EngineException e) {
                log.warn("{} {}: {}", what, name, e.getMessage());
                if (e.kind() != Kind.NO_ANSWER) {
                    return;
                }
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void check(Probe probe, CheckRhythm rhythm, BiConsumer<Answer, Duration> answers) {
        checks.ifPresent(asking -> asking.begin(probe, rhythm, answers));
    }

    @Override
    public void stopChecking() {
        checks.ifPresent(ContainerChecks::end);
    }

    @Override
    public String remaining() {
        return silence.isEmpty() ? "container " + name + " runs" : "container " + name + " may run: " + silence;
    }
}
