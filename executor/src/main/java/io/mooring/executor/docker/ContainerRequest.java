package io.mooring.executor.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.InternetProtocol;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Ports.Binding;
import io.mooring.common.command.TaskOrder.Limits;
import io.mooring.common.command.TaskOrder.Workload;
import io.mooring.common.container.DockerContainer;
import io.mooring.common.container.DockerContainer.Privilege;
import io.mooring.common.container.PortMapping;
import io.mooring.common.container.PortMapping.Transport;
import io.mooring.common.volume.MountMode;
import io.mooring.executor.engine.Launch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the engine is asked to make for a launch: the container, its volumes, its ports and its share of the machine. */
final class ContainerRequest {
    /** Where a container sees its sandbox, as in Mesos' Docker containerizer. */
    static final String SANDBOX = "/mnt/mesos/sandbox";

    private static final long MIB = 1L << 20;
    /** As Mesos: less than that is not enough to start anything. */
    private static final long LEAST_MIB = 32;

    private static final int SHARES_OF_A_CORE = 1024;
    private static final int LEAST_SHARES = 2;

    private final Launch launch;
    private final DockerContainer container;
    private final Path sandbox;

    ContainerRequest(Launch launch, Path sandbox) {
        this.launch = launch;
        this.container = launch.workload().container().orElseThrow();
        this.sandbox = sandbox;
    }

    /** Where the container sees a volume. */
    static String path(Launch.Mounted volume, Workload workload) {
        return volume.volume().request().containerPath().orElseGet(() -> workload.defaultPath()
                .replace("{name}", volume.volume().request().name().value()));
    }

    CreateContainerCmd fill(CreateContainerCmd create) {
        Workload workload = launch.workload();
        HostConfig host = new HostConfig()
                .withMounts(mounts())
                .withNetworkMode(
                        switch (container.network()) {
                            case BRIDGE -> "bridge";
                            case HOST -> "host";
                            case NONE -> "none";
                        })
                .withPrivileged(container.privilege() == Privilege.FULL);
        publish(create, host);
        workload.limits().ifPresent(limits -> limit(host, limits));
        workload.shellCommand()
                .ifPresent(command -> create.withEntrypoint("/bin/sh").withCmd("-c", command));
        if (!workload.arguments().isEmpty()) {
            create.withCmd(workload.arguments());
        }
        workload.user().ifPresent(create::withUser);
        Map<String, String> variables = variables();
        Map<String, String> labels = labels();
        new ParameterRequest(container.parameters()).fill(create, host, variables, labels);
        return create.withName(launch.containerName().orElseThrow())
                .withEnv(variables.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .toList())
                .withLabels(labels)
                .withHostConfig(host);
    }

    /**
     * A bind is asked for as a mount, which fails where the directory is missing: in the other form the engine would make
     * it, on the agent's own disk.
     */
    private List<Mount> mounts() {
        List<Mount> mounts = new ArrayList<>();
        mounts.add(bind(sandbox.toString(), SANDBOX, MountMode.READ_WRITE));
        for (Launch.Mounted volume : launch.volumes()) {
            // Without a container path a task gets the volume's root, with one what the plugin's Mount answered.
            String source = volume.volume().request().containerPath().isPresent()
                    ? volume.facts().path()
                    : volume.facts().root();
            mounts.add(bind(
                    source,
                    path(volume, launch.workload()),
                    volume.volume().request().mode()));
        }
        return mounts;
    }

    static Mount bind(String source, String target, MountMode mode) {
        return new Mount()
                .withType(MountType.BIND)
                .withSource(source)
                .withTarget(target)
                .withReadOnly(mode == MountMode.READ_ONLY);
    }

    private void publish(CreateContainerCmd create, HostConfig host) {
        Ports bindings = new Ports();
        List<ExposedPort> exposed = new ArrayList<>();
        for (PortMapping mapping : container.ports()) {
            for (InternetProtocol protocol : protocols(mapping.transport())) {
                ExposedPort port = new ExposedPort(mapping.containerPort(), protocol);
                exposed.add(port);
                bindings.bind(port, Binding.bindPort(mapping.hostPort()));
            }
        }
        create.withExposedPorts(exposed);
        host.withPortBindings(bindings);
    }

    private static List<InternetProtocol> protocols(Transport transport) {
        return switch (transport) {
            case TCP -> List.of(InternetProtocol.TCP);
            case UDP -> List.of(InternetProtocol.UDP);
            case BOTH -> List.of(InternetProtocol.TCP, InternetProtocol.UDP);
        };
    }

    /** Processors are a weight and memory a limit, as Mesos has it; swap would be memory that nobody gave. */
    private static void limit(HostConfig host, Limits limits) {
        host.withCpuShares(Math.max(LEAST_SHARES, (int) (limits.cpus() * SHARES_OF_A_CORE)));
        if (limits.memMb() > 0) {
            long bytes = Math.max(LEAST_MIB, (long) limits.memMb()) * MIB;
            host.withMemory(bytes).withMemorySwap(bytes);
        }
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new TreeMap<>(launch.workload().environment());
        variables.put("MESOS_SANDBOX", SANDBOX);
        variables.put("MESOS_CONTAINER_NAME", launch.containerName().orElseThrow());
        variables.put("MESOS_TASK_ID", launch.task().value());
        for (int i = 0; i < launch.volumes().size(); i++) {
            Launch.Mounted volume = launch.volumes().get(i);
            variables.put("MOORING_VOLUME_" + i + "_PATH", path(volume, launch.workload()));
            variables.put(
                    "MOORING_VOLUME_" + i + "_FENCE",
                    Long.toString(volume.volume().fence()));
        }
        variables.remove("MESOS_EXECUTOR_AUTHENTICATION_TOKEN");
        variables.remove("MOORING_AGENT_CONFIG");
        return variables;
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new TreeMap<>();
        labels.put("io.mooring.task", launch.task().value());
        for (int i = 0; i < launch.volumes().size(); i++) {
            Launch.Mounted volume = launch.volumes().get(i);
            labels.put(
                    "io.mooring.claim." + i,
                    volume.volume().claim() + " " + volume.volume().fence() + " "
                            + volume.volume().request().name());
        }
        return labels;
    }
}
