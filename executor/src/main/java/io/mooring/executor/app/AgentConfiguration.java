package io.mooring.executor.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.executor.engine.Machine;
import io.mooring.executor.plugin.LimitsByPlugin;
import io.mooring.executor.plugin.RexRaySettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the operator says of this agent's machine, in the file that {@code MOORING_AGENT_CONFIG} names. All of it has a
 * default.
 *
 * @param journalDir outlives executors; nobody but its owner reads it
 * @param pluginSocketDirs where volume plugins have their sockets
 * @param pluginSpecDirs where their spec files are
 * @param dockerSocket where the Docker Engine answers, if the machine has one
 * @param rexrayConfigFiles what REX-Ray is configured with on this machine, where it is used: only read, to warn
 * @param pluginLimits how patient this machine is with each of its plugins
 */
public record AgentConfiguration(
        Machine machine,
        Path journalDir,
        List<Path> pluginSocketDirs,
        List<Path> pluginSpecDirs,
        Path dockerSocket,
        List<Path> rexrayConfigFiles,
        LimitsByPlugin pluginLimits) {
    /** The variable that names the file. */
    public static final String VARIABLE = "MOORING_AGENT_CONFIG";

    private static final Set<String> KEYS = Set.of(
            "machine",
            "bootId",
            "journalDir",
            "pluginSocketDirs",
            "pluginSpecDirs",
            "dockerSocket",
            "rexrayConfigFiles",
            "pluginLimits");

    public AgentConfiguration {
        pluginSocketDirs = List.copyOf(pluginSocketDirs);
        pluginSpecDirs = List.copyOf(pluginSpecDirs);
        rexrayConfigFiles = List.copyOf(rexrayConfigFiles);
    }

    /**
     * Reads the file; without one all defaults hold.
     *
     * @throws ConfigurationException saying what is wrong, in which file, and what would be right
     */
    public static AgentConfiguration read(Optional<Path> file) throws ConfigurationException {
        String where = file.map(Path::toString).orElse("the defaults");
        try {
            JsonNode tree = file.isPresent() ? tree(file.get()) : new ObjectMapper().createObjectNode();
            return of(tree);
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(where + " is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException("agent configuration " + where + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode tree(Path file) throws IOException {
        JsonNode tree = new ObjectMapper().readTree(Files.readAllBytes(file));
        if (tree == null || !tree.isObject()) {
            throw new IllegalArgumentException("the file has to be one JSON object");
        }
        checkKeys(tree, Set.of());
        return tree;
    }

    /** @param beside what else the file may say */
    static void checkKeys(JsonNode tree, Set<String> beside) {
        for (Iterator<String> names = tree.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!KEYS.contains(name)) {
                throw new IllegalArgumentException("unknown key '" + name
                        + "'; the keys are machine, bootId, journalDir, pluginSocketDirs, pluginSpecDirs,"
                        + " dockerSocket, rexrayConfigFiles and pluginLimits"
                        + (beside.isEmpty() ? "" : ", and " + String.join(", ", beside)));
            }
        }
    }

    /**
     * What is said of this machine: by the agent's own file, or, where it has none, by {@code executor.yml}, or by the defaults.
     *
     * @throws ConfigurationException saying what is wrong, in which file, and what would be right
     */
    static AgentConfiguration find(Map<String, String> variables) throws ConfigurationException {
        Optional<Path> own = Optional.ofNullable(variables.get(VARIABLE)).map(Path::of);
        Optional<Path> other = own.isPresent() ? Optional.empty() : ExecutorConfiguration.find(variables);
        if (other.isEmpty()) {
            return read(own);
        }
        try {
            return of(ExecutorConfiguration.read(other.get()).machine());
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException("executor configuration " + other.get() + ": " + e.getMessage(), e);
        }
    }

    private static AgentConfiguration of(JsonNode tree) throws IOException {
        return new AgentConfiguration(
                new Machine(
                        new MachineKey(text(tree, "machine", "/etc/machine-id")),
                        new BootId(text(tree, "bootId", "/proc/sys/kernel/random/boot_id"))),
                tree.has("journalDir")
                        ? path(tree.get("journalDir"), "journalDir")
                        : Path.of("/var/lib/mooring/journal"),
                paths(tree, "pluginSocketDirs", of("/run/docker/plugins")),
                paths(tree, "pluginSpecDirs", of("/etc/docker/plugins", "/usr/lib/docker/plugins")),
                tree.has("dockerSocket")
                        ? path(tree.get("dockerSocket"), "dockerSocket")
                        : Path.of("/var/run/docker.sock"),
                paths(tree, "rexrayConfigFiles", RexRaySettings.USUAL),
                LimitsSection.read(tree.path("pluginLimits")));
    }

    private static String text(JsonNode tree, String key, String systemFile) throws IOException {
        JsonNode value = tree.get(key);
        if (value == null) {
            return Files.readString(Path.of(systemFile), StandardCharsets.US_ASCII)
                    .strip();
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException("'" + key + "' has to be a text");
        }
        return value.textValue();
    }

    private static List<Path> of(String... paths) {
        return Stream.of(paths).map(Path::of).toList();
    }

    private static List<Path> paths(JsonNode tree, String key, List<Path> standard) {
        JsonNode value = tree.get(key);
        if (value == null) {
            return standard;
        }
        if (!value.isArray()) {
            throw new IllegalArgumentException("'" + key + "' has to be a list of absolute paths");
        }
        List<Path> paths = new ArrayList<>();
        value.forEach(each -> paths.add(path(each, key)));
        return paths;
    }

    private static Path path(JsonNode value, String key) {
        if (!value.isTextual() || !value.textValue().startsWith("/")) {
            throw new IllegalArgumentException("'" + key + "' has to be an absolute path, not " + value);
        }
        return Path.of(value.textValue());
    }
}
