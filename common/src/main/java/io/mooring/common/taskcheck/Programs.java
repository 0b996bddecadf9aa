package io.mooring.common.taskcheck;

import io.mooring.common.health.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.Environment;

/** A check's CommandInfo as a program. */
final class Programs {
    private Programs() {}

    static Probe.Program of(boolean given, CommandInfo command) {
        if (!given) {
            throw new IllegalArgumentException("Expecting 'command' to be set for COMMAND health check");
        }
        Map<String, String> environment = new TreeMap<>();
        for (Environment.Variable variable : command.getEnvironment().getVariablesList()) {
            environment.put(variable.getName(), variable.getValue());
        }
        return new Probe.Program(argv(command), environment);
    }

    private static List<String> argv(CommandInfo command) {
        if (command.getShell()) {
            return List.of("/bin/sh", "-c", command.getValue());
        }
        List<String> argv = new ArrayList<>(List.of(command.getValue()));
        // The first argument is argv[0] in Mesos; the program's own name serves here.
        argv.addAll(command.getArgumentsList().stream().skip(1).toList());
        return argv;
    }
}
