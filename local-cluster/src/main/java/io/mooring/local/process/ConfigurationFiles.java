package io.mooring.local.process;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes the configuration of every process of the cluster. JSON throughout: it is YAML as well. */
final class ConfigurationFiles {
    private static final String DEFAULT_FILE_SYSTEM = "ext4";

    private final LocalSettings settings;
    private final Layout layout;
    private final ObjectMapper json = new ObjectMapper();

    ConfigurationFiles(LocalSettings settings, Layout layout) {
        this.settings = settings;
        this.layout = layout;
    }

    /** The agents' names, in order. */
    List<String> agents() {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= settings.agents(); i++) {
            names.add("agent-" + i);
        }
        return names;
    }

    Path cluster() {
        return layout.configuration().resolve("mesos.json");
    }

    Path scheduler() {
        return layout.configuration().resolve("scheduler.yml");
    }

    Path plugin(String agent) {
        return layout.configuration().resolve("plugin-" + agent + ".yml");
    }

    private Path agent(String name) {
        return layout.configuration().resolve(name + ".json");
    }

    void write(MachineIdentities identities) throws IOException {
        write(cluster(), clusterConfiguration());
        write(scheduler(), schedulerConfiguration(settings.port()));
        for (String name : agents()) {
            Files.createDirectories(layout.pluginSockets(name));
            Files.createDirectories(layout.mounts(name));
            Files.createDirectories(layout.journal(name));
            write(agent(name), agentConfiguration(name, identities));
            write(plugin(name), pluginConfiguration(name, identities));
        }
    }

    private ObjectNode clusterConfiguration() {
        ObjectNode root = json.createObjectNode();
        root.putObject("master")
                .put("port", settings.masterPort())
                .put("agentPingTimeoutSeconds", settings.pings().toMillis() / 1000.0);
        root.putObject("zookeeper")
                .put("port", settings.zooKeeperPort())
                .put("dataDir", layout.zooKeeper().toString());
        ArrayNode agents = root.putArray("agents");
        int number = 0;
        for (String name : agents()) {
            int firstPort = settings.firstTaskPort() + number * 1000;
            ObjectNode agent = agents.addObject();
            agent.put("name", name);
            agent.put("port", settings.firstAgentPort() + number);
            agent.put("workDir", layout.agent(name).toString());
            agent.put("hostname", "127.0.0.1");
            agent.put(
                    "resources",
                    "cpus:4;mem:4096;disk:20480;ports:[" + firstPort + "-" + (firstPort + 999) + "];volume_slots:16");
            number++;
            agent.put("attributes", "machine:" + name + ";zone:zone-" + number);
            agent.putObject("executorEnvironment")
                    .put("MOORING_AGENT_CONFIG", agent(name).toString());
            ObjectNode machine = agent.putObject("machine");
            machine.put("runDir", layout.pluginSockets(name).getParent().toString());
            machine.putArray("bootIdFiles")
                    .add(agent(name).toString())
                    .add(plugin(name).toString())
                    .add(layout.identities().toString());
        }
        return root;
    }

    private ObjectNode schedulerConfiguration(int port) {
        ObjectNode root = json.createObjectNode();
        ObjectNode server = root.putObject("server");
        connector(server.putArray("applicationConnectors"), port);
        connector(server.putArray("adminConnectors"), port + 1);
        server.putObject("requestLog").putArray("appenders");
        root.putObject("zookeeper")
                .put("connect", "127.0.0.1:" + settings.zooKeeperPort() + "/mooring")
                .put("sessionTimeout", "6s")
                .put("epochFile", layout.epochs().toString());
        root.putObject("mesos").putArray("masters").add(settings.masterAddress());
        ObjectNode framework = root.putObject("framework");
        framework.put("name", "mooring").put("user", System.getProperty("user.name"));
        ObjectNode executor = root.putObject("executor");
        executor.put("command", settings.executor().toString());
        ObjectNode storage = root.putObject("storage");
        String driver = settings.driver().word();
        storage.putObject("aliases").put("rexray", driver);
        storage.putObject("drivers")
                .putObject(driver)
                .put("class", settings.driver() == LocalSettings.Driver.LOOP ? "B" : "D");
        storage.put("defaultVolumeGb", 1);
        ObjectNode logging = root.putObject("logging");
        logging.put("level", "WARN").putObject("loggers").put("io.mooring", "INFO");
        return root;
    }

    private static void connector(ArrayNode connectors, int port) {
        connectors.addObject().put("type", "http").put("bindHost", "127.0.0.1").put("port", port);
    }

    private ObjectNode agentConfiguration(String name, MachineIdentities identities) {
        ObjectNode root = json.createObjectNode();
        root.put("machine", name);
        root.put("bootId", identities.bootId(name));
        root.put("journalDir", layout.journal(name).toString());
        root.putArray("pluginSocketDirs").add(layout.pluginSockets(name).toString());
        root.putArray("pluginSpecDirs");
        root.put("dockerSocket", settings.dockerSocket().toString());
        return root;
    }

    private ObjectNode pluginConfiguration(String name, MachineIdentities identities) {
        ObjectNode root = json.createObjectNode();
        ObjectNode storage = root.putObject("libstorage");
        storage.put("service", settings.driver().word());
        ObjectNode operations =
                storage.putObject("integration").putObject("volume").putObject("operations");
        operations.putObject("create").putObject("default").put("size", 1).put("fsType", DEFAULT_FILE_SYSTEM);
        operations.putObject("mount").put("path", layout.mounts(name).toString());
        ObjectNode backend = root.putObject(settings.driver().word());
        backend.put("pool", layout.pool().toString());
        backend.put("host", name);
        backend.put("bootId", identities.bootId(name));
        return root;
    }

    private void write(Path file, ObjectNode content) throws IOException {
        Files.write(file, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
    }
}
