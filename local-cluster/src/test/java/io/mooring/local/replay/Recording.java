package io.mooring.local.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One recorded conversation with a real Mesos. */
record Recording(String name, JsonNode flags, List<JsonNode> steps) {
    private static final long LONG_MILLIS = 10_000;

    static Recording read(Path file) throws IOException {
        JsonNode root = new ObjectMapper().readTree(Files.readAllBytes(file));
        List<JsonNode> steps = new ArrayList<>();
        root.get("steps").forEach(steps::add);
        String name = file.getParent().getFileName() + "/"
                + file.getFileName().toString().replace(".json", "");
        return new Recording(name, root.path("flags"), steps);
    }

    /** Long conversations are left to the whole run. */
    boolean isForThisRun() {
        long waited = steps.get(steps.size() - 1).path("at_ms").asLong();
        return waited < LONG_MILLIS || "true".equals(System.getenv("CI"));
    }

    /** Those parties that a real executor process of the test plays; the others are played by the replayer. */
    Set<String> executorProcesses() {
        Set<String> parties = new HashSet<>();
        for (JsonNode step : steps) {
            if (step.has("executor_started")) {
                parties.add(step.path("on").asText());
            }
        }
        return parties;
    }

    boolean mentionsPort(int port) {
        return steps.stream().anyMatch(step -> step.toString().contains("\"port\":" + port));
    }

    boolean mentions(String text) {
        return steps.stream().anyMatch(step -> step.toString().contains(text));
    }

    /** Of the master that is asked first. */
    int firstPort() {
        return steps.stream()
                .map(step -> step.at("/request/headers/Host").asText())
                .filter(host -> host.matches(".*:505[024]"))
                .findFirst()
                .map(host -> Integer.parseInt(host.replaceFirst(".*:", "")))
                .orElse(5050);
    }

    /** The value of a flag of Mesos, as recorded. */
    String flag(String flagName, String otherwise) {
        for (JsonNode flag : flags) {
            if (flag.asText().contains("--" + flagName + "=")) {
                return flag.asText().replaceFirst(".*--" + flagName + "=", "");
            }
        }
        return otherwise;
    }

    @Override
    public String toString() {
        return name;
    }
}
