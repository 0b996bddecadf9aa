package io.mooring.local.app;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mooring.common.mesoshttp.Tls;
import io.mooring.common.mesoshttp.TlsFiles;
import io.mooring.local.agent.AgentSettings;
import io.mooring.local.agent.Machine;
import io.mooring.local.master.MasterSettings;
import io.mooring.local.simulated.SimulatedSettings;
import io.mooring.local.wire.Credentials;
import io.mooring.local.wire.ServerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The configuration file of the local cluster. Unknown keys are refused. Times are seconds and optional. */
record LocalMesosConfig(
        @JsonProperty(value = "master", required = true) MasterPart master,
        @JsonProperty("zookeeper") ZooKeeperPart zookeeper,
        @JsonProperty(value = "agents", required = true) List<AgentPart> agents,
        @JsonProperty("simulatedAgents") SimulatedPart simulatedAgents,
        @JsonProperty("tls") TlsPart tls) {

    LocalMesosConfig {
        agents = List.copyOf(agents);
        Set<String> names = new HashSet<>();
        for (AgentPart agent : agents) {
            if (!names.add(agent.name())) {
                throw new IllegalArgumentException("agents: the name '" + agent.name() + "' is there twice");
            }
        }
    }

    /**
     * The whole cluster.
     *
     * @param file of this configuration; what it keeps lies beside it
     */
    ClusterSettings settings(Path file) throws IOException {
        MasterSettings first = master.settings();
        List<MasterSettings> masters = new ArrayList<>();
        masters.add(first);
        for (int port : master.standbyPorts() == null ? List.<Integer>of() : master.standbyPorts()) {
            masters.add(first.withPort(port));
        }
        ClusterSettings cluster = ClusterSettings.of(
                        first, agents.stream().map(AgentPart::settings).toList())
                .withMasters(masters)
                .withRegistry(Optional.of(file.resolveSibling("master-registry.json")))
                .withSimulated(Optional.ofNullable(simulatedAgents).map(SimulatedPart::settings));
        if (master.credentials() != null) {
            cluster = cluster.withCredentials(Optional.of(Credentials.read(file.resolveSibling(master.credentials()))));
        }
        if (master.sessionTimeoutSeconds() != null) {
            cluster = cluster.withSessionTimeout(
                    seconds(master.sessionTimeoutSeconds()).orElseThrow());
        }
        if (tls != null) {
            cluster = cluster.withTls(Optional.of(tls.read(file)));
        }
        return zookeeper == null ? cluster : cluster.withZooKeeper(Optional.of(zookeeper.announced()));
    }

    /**
     * The masters.
     *
     * @param standbyPorts ports of further masters, which take over in this order
     * @param sessionTimeoutSeconds how long they wait before they do
     * @param credentials file of those who may call, relative to this one; everybody may without it
     */
    record MasterPart(
            @JsonProperty(value = "port", required = true) int port,
            @JsonProperty("standbyPorts") List<Integer> standbyPorts,
            @JsonProperty("sessionTimeoutSeconds") Double sessionTimeoutSeconds,
            @JsonProperty("credentials") String credentials,
            @JsonProperty("rootSubmissions") Boolean rootSubmissions,
            @JsonProperty("agentPingTimeoutSeconds") Double agentPingTimeoutSeconds,
            @JsonProperty("maxAgentPingTimeouts") Integer maxAgentPingTimeouts,
            @JsonProperty("agentReregisterTimeoutSeconds") Double agentReregisterTimeoutSeconds,
            @JsonProperty("offerTimeoutSeconds") Double offerTimeoutSeconds) {
        MasterSettings settings() {
            MasterSettings standard = MasterSettings.onPort(port);
            return standard.withPings(
                            seconds(agentPingTimeoutSeconds).orElse(standard.agentPingTimeout()),
                            Optional.ofNullable(maxAgentPingTimeouts).orElse(standard.maxAgentPingTimeouts()))
                    .withAgentReregisterTimeout(
                            seconds(agentReregisterTimeoutSeconds).orElse(standard.agentReregisterTimeout()))
                    .withOfferTimeout(seconds(offerTimeoutSeconds))
                    .withRootSubmissions(
                            Boolean.FALSE.equals(rootSubmissions)
                                    ? MasterSettings.RootSubmissions.REFUSED
                                    : MasterSettings.RootSubmissions.ALLOWED);
        }
    }

    record SimulatedPart(
            @JsonProperty(value = "count", required = true) int count,

            @JsonProperty(value = "resources", required = true)
            String resources,

            @JsonProperty("attributes") String attributes,
            @JsonProperty("taskSeconds") Double taskSeconds) {
        SimulatedSettings settings() {
            return new SimulatedSettings(count, resources, attributes == null ? "" : attributes, seconds(taskSeconds));
        }
    }

    record ZooKeeperPart(
            @JsonProperty(value = "port", required = true) int port,

            @JsonProperty(value = "dataDir", required = true)
            Path dataDir,

            @JsonProperty("mastersPath") String mastersPath,
            @JsonProperty("mastersLogin") String mastersLogin) {
        ClusterSettings.Announced announced() {
            String path = mastersPath == null ? "/mesos" : mastersPath;
            return new ClusterSettings.Announced(port, path, Optional.ofNullable(mastersLogin));
        }

        /** Without the login. */
        @Override
        public String toString() {
            return "zookeeper on port " + port;
        }
    }

    /**
     * TLS on all ports; the files are PEM, relative to this one.
     *
     * @param authorities who signs the certificates of those who call, needed where they have to show one
     */
    record TlsPart(
            @JsonProperty(value = "certificate", required = true)
            String certificate,

            @JsonProperty(value = "key", required = true) String key,
            @JsonProperty("authorities") String authorities,
            @JsonProperty("requireClientCertificates") boolean requireClientCertificates) {
        ServerTls read(Path file) throws IOException {
            if (requireClientCertificates && authorities == null) {
                throw new IllegalArgumentException(
                        "tls.requireClientCertificates: tls.authorities has to name who signs them");
            }
            Tls tls = Tls.read(new TlsFiles(
                    Optional.ofNullable(authorities).map(file::resolveSibling),
                    Optional.of(file.resolveSibling(certificate)),
                    Optional.of(file.resolveSibling(key)),
                    TlsFiles.Verification.CHAIN));
            return new ServerTls(
                    tls.context(), requireClientCertificates ? ServerTls.Clients.CERTIFIED : ServerTls.Clients.ANY);
        }
    }

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
