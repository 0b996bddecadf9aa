package io.mooring.executor.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Frame;
import io.mooring.common.container.DockerContainer.Network;
import io.mooring.common.health.Answer;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.Probe;
import io.mooring.common.probe.Checking;
import io.mooring.common.probe.HostProber;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Asks one container how it is: its ports at its own address, where it has one, and programs in it, which the engine
 * runs with the container's rights.
 */
final class ContainerChecks {
    private static final Duration LONGEST = Duration.ofHours(1);

    private final DockerApi api;
    private final String name;
    private final Network network;
    private final List<Checking> checking = new ArrayList<>();

    ContainerChecks(DockerApi api, String name, Network network) {
        this.api = api;
        this.name = name;
        this.network = network;
    }

    synchronized void begin(Probe probe, CheckRhythm rhythm, BiConsumer<Answer, Duration> answers) {
        checking.add(Checking.begin(probe, rhythm, this::ask, answers));
    }

    synchronized void end() {
        checking.forEach(Checking::close);
        checking.clear();
    }

    private Answer ask(Probe probe, Duration timeout) throws InterruptedException {
        try {
            if (probe instanceof Probe.Program program) {
                return run(program, timeout);
            }
            HostProber prober = new HostProber(address(), program -> {
                throw new IOException("programs are run in the container");
            });
            return prober.ask(probe, timeout);
        } catch (EngineException e) {
            return new Answer.Failed(e.getMessage());
        }
    }

    /** Its own in a bridge network; else what it shares with this process is the loopback. */
    private Optional<String> address() throws EngineException {
        if (network != Network.BRIDGE) {
            return Optional.empty();
        }
        InspectContainerResponse seen =
                api.ask(client -> client.inspectContainerCmd(name).exec());
        return seen.getNetworkSettings().getNetworks().values().stream()
                .map(each -> each.getIpAddress())
                .filter(address -> address != null && !address.isEmpty())
                .findFirst();
    }

    private Answer run(Probe.Program program, Duration timeout) throws EngineException, InterruptedException {
        String id = api.ask(client -> client.execCreateCmd(name)
                        .withCmd(program.argv().toArray(new String[0]))
                        .withEnv(program.environment().entrySet().stream()
                                .map(each -> each.getKey() + "=" + each.getValue())
                                .toList())
                        .withAttachStdout(true)
                        .withAttachStderr(true)
                        .exec())
                .getId();
        ResultCallback.Adapter<Frame> output =
                api.await(client -> client.execStartCmd(id).exec(new ResultCallback.Adapter<>()));
        Duration most = timeout.isZero() ? LONGEST : timeout;
        if (!output.awaitCompletion(most.toMillis(), TimeUnit.MILLISECONDS)) {
            end(id);
            return new Answer.Failed("Command timed out after " + most.toMillis() + " ms");
        }
        Long code = api.ask(client -> client.inspectExecCmd(id).exec()).getExitCodeLong();
        return code == null
                ? new Answer.Failed("the engine does not say how the command ended")
                : new Answer.Exited(code.intValue());
    }

    /** The engine has no call for that, and it tells the process's number on this machine. */
    private void end(String exec) throws EngineException {
        Long pid = api.ask(client -> client.inspectExecCmd(exec).exec()).getPidLong();
        if (pid != null && pid > 0) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
