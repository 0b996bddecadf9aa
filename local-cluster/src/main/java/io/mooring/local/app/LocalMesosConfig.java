package io.mooring.local.app;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mooring.local.agent.AgentSettings;
import io.mooring.local.agent.Machine;
import io.mooring.local.master.MasterSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The configuration file of the local cluster. Unknown keys are refused. Times are seconds and optional. */
record LocalMesosConfig(
        @JsonProperty(value = "master", required = true) MasterPart master,
        @JsonProperty("zookeeper") ZooKeeperPart zookeeper,
        @JsonProperty(value = "agents", required = true) List<AgentPart> agents) {

    LocalMesosConfig {
        agents = List.copyOf(agents);
        Set<String> names = new HashSet<>();
        for (AgentPart agent : agents) {
            if (!names.add(agent.name())) {
                throw new IllegalArgumentException("agents: the name '" + agent.name() + "' is there twice");
            }
        }
    }

    record MasterPart(
            @JsonProperty(value = "port", required = true) int port,
            @JsonProperty("agentPingTimeoutSeconds") Double agentPingTimeoutSeconds,
            @JsonProperty("maxAgentPingTimeouts") Integer maxAgentPingTimeouts,
            @JsonProperty("offerTimeoutSeconds") Double offerTimeoutSeconds) {
        MasterSettings settings() {
            MasterSettings standard = MasterSettings.onPort(port);
            return new MasterSettings(
                    port,
                    seconds(agentPingTimeoutSeconds).orElse(standard.agentPingTimeout()),
                    Optional.ofNullable(maxAgentPingTimeouts).orElse(standard.maxAgentPingTimeouts()),
                    standard.allocationInterval(),
                    seconds(offerTimeoutSeconds));
        }
    }

    record ZooKeeperPart(
            @JsonProperty(value = "port", required = true) int port,

            @JsonProperty(value = "dataDir", required = true)
            Path dataDir) {}

    record MachinePart(
            @JsonProperty(value = "runDir", required = true) Path runDir,

            @JsonProperty("bootIdFiles") List<Path> bootIdFiles) {}

    record AgentPart(
            @JsonProperty(value = "name", required = true) String name,
            @JsonProperty(value = "port", required = true) int port,

            @JsonProperty(value = "workDir", required = true)
            Path workDir,

            @JsonProperty("hostname") String hostname,

            @JsonProperty(value = "resources", required = true)
            String resources,

            @JsonProperty("attributes") String attributes,
            @JsonProperty("executorEnvironment") Map<String, String> executorEnvironment,

            @JsonProperty("executorRegistrationTimeoutSeconds")
            Double executorRegistrationTimeoutSeconds,

            @JsonProperty("executorReregistrationTimeoutSeconds")
            Double executorReregistrationTimeoutSeconds,

            @JsonProperty("jwtSecretKey") String jwtSecretKey,
            @JsonProperty("cgroups") boolean cgroups,
            @JsonProperty("gcDelaySeconds") Double gcDelaySeconds,
            @JsonProperty("machine") MachinePart machine) {
        AgentSettings settings() {
            AgentSettings.Timeouts timeouts = AgentSettings.Timeouts.standard();
            timeouts = timeouts.withRegistration(
                    seconds(executorRegistrationTimeoutSeconds).orElse(timeouts.registration()));
            timeouts = timeouts.withReregistration(
                    seconds(executorReregistrationTimeoutSeconds).orElse(timeouts.reregistration()));
            return new AgentSettings(
                    name,
                    port,
                    workDir,
                    hostname == null ? "127.0.0.1" : hostname,
                    resources,
                    attributes == null ? "" : attributes,
                    executorEnvironment == null ? Map.of() : executorEnvironment,
                    timeouts,
                    Optional.ofNullable(jwtSecretKey),
                    cgroups ? AgentSettings.Isolation.CGROUPS : AgentSettings.Isolation.NONE,
                    seconds(gcDelaySeconds).orElse(AgentSettings.STANDARD_GC_DELAY),
                    Optional.ofNullable(machine)
                            .map(part -> new Machine(
                                    part.runDir(), part.bootIdFiles() == null ? List.of() : part.bootIdFiles())));
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "agent " + name;
        }
    }

    /**
     * Reads the file.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException saying what is wrong in it
     */
    static LocalMesosConfig read(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        try {
            return JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build()
                    .readValue(content, LocalMesosConfig.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + ": " + e.getOriginalMessage(), e);
        }
    }

    private static Optional<Duration> seconds(Double seconds) {
        return Optional.ofNullable(seconds).map(each -> Duration.ofMillis(Math.round(each * 1000)));
    }
}
