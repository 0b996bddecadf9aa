package io.mooring.executor.process;

import io.mooring.common.command.TaskOrder.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments and environment that start a workload. Constant scripts do what no program of the system does;
 * all that comes from a task is passed to them as arguments or variables, never as text of a script.
 *
 * <p>The task's variables travel under neutral names until its own user and namespaces are reached: a {@code LD_PRELOAD}
 * of a task must not be loaded into the programs that run as root before.
 */
final class WorkloadArguments {
    private static final String CARRIED = "MOORING_CARRIED_";

    /** Opens the file that tells how the workload ended, before its path can be hidden by a mount. */
    private static final String OPEN_STATUS = "exec 3>\"$1\"; shift; exec \"$@\"";

    /**
     * The namespace's first process: waits for the executor's word, so that nothing starts when the executor is dead by
     * then; reaps orphans; and writes how the workload ended. {@code setsid --wait} writes a line of its own only if it
     * was a signal: a shell's 128+n could be either.
     */
    private static final String FIRST_PROCESS = """
            read -r go || exit 1
            exec </dev/null 4>&2 2>&3 3>&-
            cd "$1" || exit 126
            shift
            setsid --fork --wait /bin/sh -c 'exec "$@" 2>&4 4>&-' workload "$@"
            status=$?
            echo "exit $status" >&2
            exit $status
            """;

    private static final String IN_DIRECTORY = "cd \"$1\" || exit 126; shift; exec \"$@\"";

    private WorkloadArguments() {}

    /** Process and variables. */
    record Start(List<String> argv, Map<String, String> environment) {}

    /**
     * @param user who runs it; empty for whoever runs this process
     * @param variables exactly what the workload's environment is
     */
    static Start of(
            MountNamespace namespace,
            String statusFile,
            String directory,
            Workload workload,
            Optional<User> user,
            Map<String, String> variables) {
        List<String> inner = new ArrayList<>(List.of("setpriv", "--pdeathsig", "SIGKILL"));
        inner.addAll(List.of("unshare", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"));
        // Its own default would cut the namespace off from unmounts on the agent.
        inner.addAll(List.of("--propagation", "slave", "--"));
        inner.addAll(List.of("/bin/sh", "-c", FIRST_PROCESS, "init", directory));
        Map<String, String> environment = new LinkedHashMap<>();
        List<String> program = workload.shellCommand()
                .map(command -> List.of("/bin/sh", "-c", command))
                .orElse(workload.arguments());
        inner.addAll(asUser(user, variables, program, environment));
        List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", OPEN_STATUS, "start", statusFile));
        argv.addAll(namespace.inside(inner));
        return new Start(argv, environment);
    }

    /**
     * A program beside a running workload, in its namespaces.
     *
     * @param firstProcess of the workload's PID namespace
     */
    static Start beside(
            long firstProcess,
            Privilege privilege,
            String directory,
            List<String> program,
            Optional<User> user,
            Map<String, String> variables) {
        List<String> argv = new ArrayList<>(List.of("nsenter", "--target", Long.toString(firstProcess)));
        if (privilege == Privilege.USER_NAMESPACE) {
            argv.addAll(List.of("--user", "--preserve-credentials"));
        }
        argv.addAll(List.of("--mount", "--pid", "--", "/bin/sh", "-c", IN_DIRECTORY, "check", directory));
        Map<String, String> environment = new LinkedHashMap<>();
        argv.addAll(asUser(user, variables, program, environment));
        return new Start(argv, environment);
    }

    private static List<String> asUser(
            Optional<User> user, Map<String, String> variables, List<String> program, Map<String, String> environment) {
        List<String> argv = new ArrayList<>();
        user.ifPresent(who -> argv.addAll(
                List.of("setpriv", "--reuid", "" + who.uid(), "--regid", "" + who.gid(), "--init-groups", "--")));
        environment.put("PATH", Commands.SYSTEM_PATH);
        StringBuilder script = new StringBuilder("exec env -i");
        int number = 0;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            String name = CARRIED + number++;
            environment.put(name, variable.getKey() + "=" + variable.getValue());
            script.append(" \"$").append(name).append('"');
        }
        script.append(" \"$@\"");
        argv.addAll(List.of("/bin/sh", "-c", script.toString(), "workload"));
        argv.addAll(program);
        return argv;
    }
}
