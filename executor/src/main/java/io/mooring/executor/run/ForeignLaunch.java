package io.mooring.executor.run;

import io.mooring.common.command.TaskOrder.Limits;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.MountMode;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A task that another framework launched with this executor, as the agent tells it: there is no order of Mooring's in it.
 *
 * @param command what the agent started this process by
 * @param environment the task's variables, as the framework made them
 * @param volumes the external volumes that Mesos was told of for this executor's container
 * @param container what would keep this executor from the machine it has to mount on, in words; empty if nothing does
 */
public record ForeignLaunch(
        TaskId task,
        FrameworkId framework,
        AgentId agent,
        String command,
        CommandForm form,
        Map<String, String> environment,
        Map<String, String> labels,
        List<ExternalVolume> volumes,
        List<DockerOption> parameters,
        Optional<String> container,
        Optional<Duration> killGrace,
        Optional<Limits> limits) {
    public ForeignLaunch {
        environment = Collections.unmodifiableMap(new TreeMap<>(environment));
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        volumes = List.copyOf(volumes);
        parameters = List.copyOf(parameters);
    }

    /** How the agent was to start this process. */
    public enum CommandForm {
        SHELL,
        ARGUMENTS
    }

    /** A volume of the container that a Docker volume plugin has. */
    public record ExternalVolume(
            String driver, String name, Map<String, String> options, String containerPath, MountMode mode) {}

    /** One of the options of {@code docker run}. */
    public record DockerOption(String key, String value) {}

    /** Whether it asks for any volume; if not there is nothing to claim. */
    public boolean wantsVolumes() {
        return !volumes.isEmpty()
                || environment.keySet().stream().anyMatch(name -> name.startsWith("DVDI_"))
                || parameters.stream().anyMatch(option -> List.of("volume", "v", "volume-driver", "mount")
                        .contains(option.key()));
    }
}
