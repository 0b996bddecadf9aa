package io.mooring.executor.mesos;

import io.mooring.common.command.TaskOrder.Limits;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.MountMode;
import io.mooring.executor.run.ForeignLaunch;
import io.mooring.executor.run.ForeignLaunch.CommandForm;
import io.mooring.executor.run.ForeignLaunch.DockerOption;
import io.mooring.executor.run.ForeignLaunch.ExternalVolume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.Label;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.Volume;

/** A task of another framework, as its TaskInfo and the ExecutorInfo of this executor tell it. */
final class ForeignTask {
    private ForeignTask() {}

    /**
     * Reads it.
     *
     * @param executor as the agent sent it with the subscription; a task's own may be without what the agent added
     */
    static ForeignLaunch of(TaskInfo task, ExecutorInfo executor, String framework, AgentID agent) {
        CommandInfo command = executor.getCommand();
        ContainerInfo container = executor.getContainer();
        return new ForeignLaunch(
                new TaskId(task.getTaskId().getValue()),
                new FrameworkId(framework),
                new AgentId(agent.getValue()),
                command.getValue(),
                command.getShell() ? CommandForm.SHELL : CommandForm.ARGUMENTS,
                environment(command),
                labels(task),
                volumes(container),
                container.getDocker().getParametersList().stream()
                        .map(option -> new DockerOption(option.getKey(), option.getValue()))
                        .toList(),
                inTheWay(executor),
                task.hasKillPolicy() && task.getKillPolicy().hasGracePeriod()
                        ? Optional.of(Duration.ofNanos(
                                task.getKillPolicy().getGracePeriod().getNanoseconds()))
                        : Optional.empty(),
                limits(task));
    }

    private static Map<String, String> environment(CommandInfo command) {
        Map<String, String> variables = new TreeMap<>();
        for (Environment.Variable variable : command.getEnvironment().getVariablesList()) {
            if (variable.getType() != Environment.Variable.Type.SECRET) {
                variables.put(variable.getName(), variable.getValue());
            }
        }
        return variables;
    }

    private static Map<String, String> labels(TaskInfo task) {
        Map<String, String> labels = new TreeMap<>();
        for (Label label : task.getLabels().getLabelsList()) {
            labels.put(label.getKey(), label.getValue());
        }
        return labels;
    }

    private static List<ExternalVolume> volumes(ContainerInfo container) {
        List<ExternalVolume> volumes = new ArrayList<>();
        for (Volume volume : container.getVolumesList()) {
            if (volume.getSource().getType() == Volume.Source.Type.DOCKER_VOLUME) {
                Volume.Source.DockerVolume docker = volume.getSource().getDockerVolume();
                Map<String, String> options = new TreeMap<>();
                docker.getDriverOptions()
                        .getParameterList()
                        .forEach(option -> options.put(option.getKey(), option.getValue()));
                volumes.add(new ExternalVolume(
                        docker.getDriver(),
                        docker.getName(),
                        options,
                        volume.getContainerPath(),
                        volume.getMode() == Volume.Mode.RO ? MountMode.READ_ONLY : MountMode.READ_WRITE));
            }
        }
        return volumes;
    }

    /** An executor in a container of its own sees neither the plugins' sockets nor what they mount. */
    private static Optional<String> inTheWay(ExecutorInfo executor) {
        ContainerInfo container = executor.getContainer();
        if (executor.hasContainer() && container.getType() == ContainerInfo.Type.DOCKER) {
            return Optional.of(
                    "the app's container has the type DOCKER, so that Mesos runs this executor inside of it, where"
                            + " it cannot mount: use the type MESOS without an image, or post the app to Mooring, which"
                            + " runs containers itself");
        }
        if (container.getMesos().hasImage()) {
            return Optional.of(
                    "the app's container has an image, so that Mesos runs this executor inside of it, where it"
                            + " cannot mount: leave the image out, or post the app to Mooring");
        }
        return container.getVolumesList().stream()
                .filter(volume -> volume.getSource().getType() != Volume.Source.Type.DOCKER_VOLUME)
                .findFirst()
                .map(volume -> "the app's container has the volume '" + volume.getContainerPath()
                        + "', which is no external volume: this executor mounts volumes of Docker volume plugins only");
    }

    private static Optional<Limits> limits(TaskInfo task) {
        double cpus = scalar(task, "cpus");
        double mem = scalar(task, "mem");
        return cpus > 0 && mem > 0 ? Optional.of(new Limits(cpus, mem)) : Optional.empty();
    }

    private static double scalar(TaskInfo task, String name) {
        return task.getResourcesList().stream()
                .filter(resource -> resource.getName().equals(name))
                .mapToDouble((Resource resource) -> resource.getScalar().getValue())
                .sum();
    }
}
