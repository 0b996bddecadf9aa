package io.mooring.local.agent;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.Value;

/**
 * The executor that the agent makes for a task without one. It is shown as the original shows it, with the original's
 * program; what is really run is this project's own.
 */
final class CommandTasks {
    private static final String LAUNCHER_DIR = "/usr/libexec/mesos";
    private static final String PROGRAM = "mesos-executor";
    private static final int MOST_OF_THE_COMMAND = 15;
    private static final int SHOWN_OF_THE_COMMAND = 12;
    private static final double OWN_CPUS = 0.1;
    private static final double OWN_MEM = 32;

    /** The executor has to report its task's end after the kill's grace, and before the container is destroyed. */
    private static final Duration RESERVE = Duration.ofSeconds(2);

    private CommandTasks() {}

    static boolean isOne(TaskInfo task) {
        return task.hasCommand() && !task.hasExecutor();
    }

    @SuppressWarnings("deprecation") // the original fills the old source in too
    static ExecutorInfo executor(FrameworkInfo framework, TaskInfo task) {
        ExecutorInfo.Builder executor = ExecutorInfo.newBuilder()
                .setExecutorId(ExecutorID.newBuilder().setValue(task.getTaskId().getValue()))
                .setFrameworkId(framework.getId())
                .setName("Command Executor (Task: " + task.getTaskId().getValue() + ") (Command: "
                        + shown(task.getCommand()) + ")")
                .setSource(task.getTaskId().getValue())
                .setCommand(command(task.getCommand()))
                .addResources(own("cpus", OWN_CPUS, task))
                .addResources(own("mem", OWN_MEM, task));
        if (task.hasContainer()) {
            executor.setContainer(task.getContainer());
        }
        if (task.hasLabels()) {
            executor.setLabels(task.getLabels());
        }
        if (task.hasDiscovery()) {
            executor.setDiscovery(task.getDiscovery());
        }
        if (task.getKillPolicy().hasGracePeriod()) {
            long nanos = task.getKillPolicy().getGracePeriod().getNanoseconds() + RESERVE.toNanos();
            executor.setShutdownGracePeriod(DurationInfo.newBuilder().setNanoseconds(nanos));
        }
        return executor.build();
    }

    private static CommandInfo command(CommandInfo ofTask) {
        CommandInfo.Builder command = CommandInfo.newBuilder()
                .addAllUris(ofTask.getUrisList())
                .setShell(false)
                .setValue(Path.of(LAUNCHER_DIR, PROGRAM).toString())
                .addArguments(PROGRAM)
                .addArguments("--launcher_dir=" + LAUNCHER_DIR);
        if (ofTask.hasEnvironment()) {
            command.setEnvironment(ofTask.getEnvironment());
        }
        if (ofTask.hasUser()) {
            command.setUser(ofTask.getUser());
        }
        return command.build();
    }

    private static String shown(CommandInfo command) {
        if (command.getShell()) {
            String value = command.getValue();
            return !command.hasValue()
                    ? "NO COMMAND"
                    : "sh -c '" + (value.length() > MOST_OF_THE_COMMAND ? cut(value) : value) + "'";
        }
        if (!command.hasValue()) {
            return "NO EXECUTABLE";
        }
        String all = command.getValue() + ", " + String.join(", ", command.getArgumentsList());
        return "[" + (all.length() > MOST_OF_THE_COMMAND ? cut(all) : all) + "]";
    }

    private static String cut(String text) {
        return text.substring(0, SHOWN_OF_THE_COMMAND) + "...";
    }

    private static Resource own(String name, double amount, TaskInfo task) {
        Resource.Builder resource = Resource.newBuilder()
                .setName(name)
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(amount));
        task.getResourcesList().stream()
                .filter(Resource::hasAllocationInfo)
                .findFirst()
                .ifPresent(each -> resource.setAllocationInfo(each.getAllocationInfo()));
        return resource.build();
    }

    /**
     * What is really run: the executor of this project, in a JVM that starts fast and stays small.
     *
     * @param groups the cgroups that its task, and not it, is to be in
     */
    static List<String> program(List<Path> groups) {
        List<String> argv = new ArrayList<>();
        argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        argv.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-Xss512k",
                "-Xmx48m",
                "-Dcom.google.protobuf.use_unsafe_pre22_gencode=true",
                "-Dmooring.task.cgroups="
                        + groups.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                "-cp",
                System.getProperty("java.class.path"),
                "io.mooring.local.command.CommandExecutorMain"));
        return argv;
    }
}
