package io.mooring.executor.process;

import io.mooring.common.health.Answer;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.Probe;
import io.mooring.common.probe.Checking;
import io.mooring.common.probe.HostProber;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Asks one workload how it is. Programs of checks run in the workload's namespaces, as its user, in its sandbox and with
 * its environment: they see its volumes, and end with it.
 */
final class WorkloadChecks {
    private final Privilege privilege;
    private final WorkloadProcess workload;
    private final String directory;
    private final Optional<User> user;
    private final Map<String, String> variables;
    private final List<Checking> checking = new ArrayList<>();

    WorkloadChecks(
            Privilege privilege,
            WorkloadProcess workload,
            String directory,
            Optional<User> user,
            Map<String, String> variables) {
        this.privilege = privilege;
        this.workload = workload;
        this.directory = directory;
        this.user = user;
        this.variables = variables;
    }

    synchronized void begin(Probe probe, CheckRhythm rhythm, BiConsumer<Answer, Duration> answers) {
        checking.add(Checking.begin(probe, rhythm, new HostProber(this::start), answers));
    }

    synchronized void end() {
        checking.forEach(Checking::close);
        checking.clear();
    }

    private Process start(Probe.Program program) throws IOException {
        OptionalLong first = workload.firstProcess();
        if (first.isEmpty()) {
            throw new IOException("the workload's namespace is gone");
        }
        Map<String, String> own = new TreeMap<>(variables);
        own.putAll(program.environment());
        WorkloadArguments.Start start =
                WorkloadArguments.beside(first.getAsLong(), privilege, directory, program.argv(), user, own);
        ProcessBuilder builder = new ProcessBuilder(start.argv())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .directory(new File("/"));
        builder.environment().clear();
        builder.environment().putAll(start.environment());
        return builder.start();
    }
}
