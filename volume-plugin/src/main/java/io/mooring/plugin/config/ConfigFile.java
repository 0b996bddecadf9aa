package io.mooring.plugin.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a YAML file into settings by dotted, lower-cased key: {@code libstorage: {service: loop}} and
 * {@code libstorage.service: loop} are the same. Values stay text as they were written: {@code 0700} is a mode, and no
 * tag makes an object of anything.
 */
final class ConfigFile {
    private static final long MAX_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 20;
    private static final int MAX_SETTINGS = 10_000;

    private final String origin;
    private final Map<String, Setting> settings = new TreeMap<>();

    private ConfigFile(String origin) {
        this.origin = origin;
    }

    static Map<String, Setting> read(Path file) throws ConfigException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigException(file + " is larger than 1 MiB; it is no configuration file");
            }
            return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
        } catch (IOException e) {
            throw new ConfigException("cannot read configuration file " + file + ": " + e, e);
        }
    }

    static Map<String, Setting> parse(String text, String origin) throws ConfigException {
        ConfigFile file = new ConfigFile(origin);
        Node root;
        try {
            root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
        } catch (YAMLException e) {
            throw new ConfigException(origin + " is not YAML: " + e.getMessage(), e);
        }
        if (root != null) {
            file.flatten("", root, 0);
        }
        return file.settings;
    }

    private void flatten(String path, Node node, int depth) throws ConfigException {
        if (depth > MAX_DEPTH || settings.size() > MAX_SETTINGS) {
            throw new ConfigException(origin + " is nested too deep or too large at " + path);
        }
        if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                String key = scalar(path, entry.getKeyNode());
                flatten(path.isEmpty() ? key : path + "." + key, entry.getValueNode(), depth + 1);
            }
            return;
        }
        if (path.isEmpty()) {
            throw new ConfigException(origin + " must be a mapping such as 'libstorage: {service: loop}'");
        }
        Setting before = settings.put(path.toLowerCase(Locale.ROOT), new Setting(path, origin, text(path, node)));
        if (before != null) {
            throw new ConfigException(origin + ": " + path + " is given twice (keys are compared without case), as "
                    + before.key() + " and as " + path + "; give it once");
        }
    }

    private String text(String path, Node node) throws ConfigException {
        if (!(node instanceof SequenceNode sequence)) {
            return scalar(path, node);
        }
        List<String> texts = new ArrayList<>();
        for (Node element : sequence.getValue()) {
            texts.add(scalar(path, element));
        }
        return String.join(",", texts);
    }

    private String scalar(String path, Node node) throws ConfigException {
        if (node instanceof ScalarNode scalar) {
            if (scalar.getValue().indexOf('\0') >= 0) {
                throw new ConfigException(origin + ": " + path + " has a NUL character; leave it out");
            }
            return scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue();
        }
        throw new ConfigException(origin + ": " + path + " has a list or mapping where text is expected");
    }
}
