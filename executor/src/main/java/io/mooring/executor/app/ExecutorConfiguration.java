package io.mooring.executor.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.executor.claims.ClaimSettings;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The file {@code executor.yml} of a machine on which other frameworks start this executor, or Mesos {@code dvdcli}: how
 * Mooring is reached, and, unless the agent has a file of its own, what {@link AgentConfiguration} says of the machine.
 *
 * @param claims empty where no scheduler is named
 * @param machine the keys about the machine
 */
public record ExecutorConfiguration(Path file, Optional<ClaimSettings> claims, JsonNode machine) {
    /** The variable that names another file. */
    public static final String VARIABLE = "MOORING_EXECUTOR_CONFIG";

    private static final Path USUAL = Path.of("/etc/mooring/executor.yml");
    private static final long MOST_BYTES = 1 << 20;
    private static final Set<String> KEYS =
            new TreeSet<>(Set.of("schedulers", "tokenFile", "authorities", "defaultVolumePath", "deadlines"));
    private static final Set<String> DEADLINES = new TreeSet<>(Set.of("request", "claim", "release"));
    private static final Duration REQUEST = Duration.ofSeconds(5);
    private static final Duration CLAIM = Duration.ofSeconds(20);
    /** Below the 5 s that an agent gives an executor it shuts down, unless it is told otherwise. */
    private static final Duration RELEASE = Duration.ofMillis(1500);

    /** The file that the variable names, or the usual one if it is there. */
    static Optional<Path> find(Map<String, String> variables) {
        Optional<Path> named = Optional.ofNullable(variables.get(VARIABLE)).map(Path::of);
        return named.or(() -> Files.exists(USUAL) ? Optional.of(USUAL) : Optional.empty());
    }

    /** Where it would be, for those who have none. */
    static String wanted() {
        return "no configuration says where Mooring is: " + VARIABLE + " is not set, and there is no " + USUAL;
    }

    /**
     * Reads the file.
     *
     * @throws ConfigurationException saying what is wrong, in which file, and what would be right
     */
    public static ExecutorConfiguration read(Path file) throws ConfigurationException {
        try {
            return of(file, tree(file));
        } catch (IOException | YAMLException | IllegalArgumentException e) {
            throw new ConfigurationException("executor configuration " + file + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode tree(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IllegalArgumentException("the file is larger than " + MOST_BYTES + " bytes");
        }
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try (Reader text = Files.newBufferedReader(file)) {
            Object tree = new Yaml(new SafeConstructor(options)).load(text);
            if (!(tree instanceof Map<?, ?>)) {
                throw new IllegalArgumentException("the file has to be a map of keys, such as schedulers: [...]");
            }
            return new ObjectMapper().valueToTree(tree);
        }
    }

    private static ExecutorConfiguration of(Path file, JsonNode tree) throws IOException {
        ObjectNode machine = new ObjectMapper().createObjectNode();
        tree.properties().forEach(entry -> {
            if (!KEYS.contains(entry.getKey())) {
                machine.set(entry.getKey(), entry.getValue());
            }
        });
        AgentConfiguration.checkKeys(machine, KEYS);
        Optional<ClaimSettings> claims = tree.has("schedulers") ? Optional.of(claims(tree)) : Optional.empty();
        if (claims.isEmpty()) {
            KEYS.stream().filter(tree::has).findFirst().ifPresent(key -> {
                throw new IllegalArgumentException("'" + key + "' is set, and 'schedulers' is not");
            });
        }
        return new ExecutorConfiguration(file, claims, machine);
    }

    private static ClaimSettings claims(JsonNode tree) {
        JsonNode deadlines = tree.path("deadlines");
        if (tree.has("deadlines") && !deadlines.isObject()) {
            throw new IllegalArgumentException("'deadlines' has to be a map of seconds by name: " + DEADLINES);
        }
        deadlines.fieldNames().forEachRemaining(name -> {
            if (!DEADLINES.contains(name)) {
                throw new IllegalArgumentException("unknown key 'deadlines." + name + "'; the keys are " + DEADLINES);
            }
        });
        return new ClaimSettings(
                schedulers(tree.get("schedulers")),
                path(tree, "tokenFile"),
                path(tree, "authorities"),
                tree.has("defaultVolumePath")
                        ? tree.get("defaultVolumePath").asText()
                        : "/var/lib/rexray/volumes/{name}",
                seconds(deadlines, "request", REQUEST),
                seconds(deadlines, "claim", CLAIM),
                seconds(deadlines, "release", RELEASE));
    }

    private static List<URI> schedulers(JsonNode list) {
        List<URI> schedulers = new ArrayList<>();
        if (!list.isArray()) {
            throw new IllegalArgumentException("'schedulers' has to be a list of addresses such as http://s1:8080");
        }
        for (JsonNode each : list) {
            if (!each.asText().matches("https?://[^/ ]+/?")) {
                throw new IllegalArgumentException(
                        "'schedulers' has '" + each.asText() + "'; expected an address such as http://s1:8080");
            }
            schedulers.add(URI.create(each.asText()));
        }
        return schedulers;
    }

    private static Optional<Path> path(JsonNode tree, String key) {
        if (!tree.has(key)) {
            return Optional.empty();
        }
        if (!tree.get(key).asText().startsWith("/")) {
            throw new IllegalArgumentException("'" + key + "' has to be an absolute path");
        }
        return Optional.of(Path.of(tree.get(key).asText()));
    }

    private static Duration seconds(JsonNode deadlines, String name, Duration standard) {
        if (!deadlines.has(name)) {
            return standard;
        }
        double seconds = deadlines.get(name).asDouble(-1);
        if (!(seconds > 0 && seconds <= 3600)) {
            throw new IllegalArgumentException("'deadlines." + name + "' is " + deadlines.get(name)
                    + "; it has to be a number of seconds above 0 and up to 3600");
        }
        return Duration.ofMillis((long) (seconds * 1000));
    }
}
