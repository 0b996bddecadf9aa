package io.mooring.executor.process;

import io.mooring.executor.engine.Launch;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The workload's environment: what the task says, and what it needs to find its sandbox and its volumes. */
final class WorkloadEnvironment {
    private final Path sandbox;

    WorkloadEnvironment(Path sandbox) {
        this.sandbox = sandbox;
    }

    Map<String, String> of(Launch launch, List<Place> places) {
        Map<String, String> variables = new TreeMap<>();
        variables.put("PATH", Commands.SYSTEM_PATH);
        variables.putAll(launch.workload().environment());
        variables.put("MESOS_SANDBOX", sandbox.toString());
        variables.put("MESOS_DIRECTORY", sandbox.toString());
        variables.put("MESOS_TASK_ID", launch.task().value());
        for (int i = 0; i < places.size(); i++) {
            String path = places.get(i).path().toString();
            String name = launch.volumes().get(i).volume().request().name().value();
            variables.put("MOORING_VOLUME_" + i + "_PATH", path);
            variables.put(
                    "MOORING_VOLUME_" + i + "_FENCE",
                    Long.toString(launch.volumes().get(i).volume().fence()));
            variables.put("MOORING_VOLUME_" + word(name) + "_PATH", path);
        }
        // The executor's own credentials are never the workload's, whoever put them there.
        variables.remove("MESOS_EXECUTOR_AUTHENTICATION_TOKEN");
        variables.remove("MOORING_AGENT_CONFIG");
        variables.remove("MOORING_EXECUTOR_CONFIG");
        return variables;
    }

    private static String word(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
