package io.mooring.local.command;

import io.mooring.local.container.ContainerLimits;
import io.mooring.local.container.ProcessTree;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.TaskInfo;

/** The process of the task: in a session of its own, in the sandbox, writing where its executor writes. */
final class CommandProcess implements Surroundings.Running {
    /** What a shell answers when there is no such program; the original ends the same way. */
    static final int NOT_FOUND = 127;

    private final ProcessTree tree;

    private CommandProcess(long pid) {
        this.tree = new ProcessTree(pid);
    }

    /**
     * Starts the task's command.
     *
     * @param ended is given the exit code once, on any thread
     * @throws IOException if there is no such program
     */
    static CommandProcess start(TaskInfo task, IntConsumer ended) throws IOException {
        List<String> argv = new ArrayList<>(ContainerLimits.within(groups(), List.of("setsid")));
        argv.addAll(commandLine(task.getCommand()));
        Process process = builder(argv, environment(task)).start();
        var unused = process.onExit().thenAccept(over -> ended.accept(over.exitValue()));
        return new CommandProcess(process.pid());
    }

    /** The cgroups that the agent made for the task. */
    private static List<Path> groups() {
        return Stream.of(System.getProperty("mooring.task.cgroups", "").split(File.pathSeparator))
                .filter(group -> !group.isEmpty())
                .map(Path::of)
                .toList();
    }

    static ProcessBuilder builder(List<String> argv, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(argv)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    private static List<String> commandLine(CommandInfo command) {
        if (command.getShell()) {
            return List.of("/bin/sh", "-c", command.getValue());
        }
        List<String> argv = new ArrayList<>(List.of(command.getValue()));
        // The first argument is argv[0] in Mesos; the program's own name serves here.
        argv.addAll(command.getArgumentsList().stream().skip(1).toList());
        return argv;
    }

    /** The executor's environment without its token, then the command's, then the role. */
    static Map<String, String> environment(TaskInfo task) {
        Map<String, String> environment = new TreeMap<>(System.getenv());
        environment.remove(AgentConnection.TOKEN);
        for (Environment.Variable variable : task.getCommand().getEnvironment().getVariablesList()) {
            environment.put(variable.getName(), variable.getValue());
        }
        if (task.getResourcesCount() > 0) {
            environment.put(
                    "MESOS_ALLOCATION_ROLE",
                    task.getResources(0).getAllocationInfo().getRole());
        }
        return environment;
    }

    @Override
    public void terminate() {
        tree.terminate();
    }

    @Override
    public void kill() {
        tree.kill();
    }
}
