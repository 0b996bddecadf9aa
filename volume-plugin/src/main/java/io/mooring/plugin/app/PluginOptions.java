package io.mooring.plugin.app;

import io.mooring.plugin.config.ConfigException;
import io.mooring.plugin.config.ConfigReader;
import io.mooring.plugin.config.ModuleConfig;
import io.mooring.plugin.config.Sources;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The command line.
 *
 * @param config the configuration file; REX-Ray's usual ones if it is not given
 * @param pluginDirectory where sockets are made
 * @param flags settings by option, as {@code --libstorageService loop}: REX-Ray's names, which beat everything else
 */
public record PluginOptions(Optional<Path> config, Path pluginDirectory, Map<String, String> flags) {
    public static final Path USUAL_DIRECTORY = Path.of("/run/docker/plugins");
    static final String USAGE = "usage: mooring plugin [--config FILE] [--plugin-dir DIR] [--SETTING VALUE ...]";

    public PluginOptions {
        flags = new TreeMap<>(flags);
    }

    /** Reads it; what cannot be understood is an IllegalArgumentException whose message says why. */
    public static PluginOptions parse(List<String> arguments) {
        Optional<Path> config = Optional.empty();
        Path pluginDirectory = USUAL_DIRECTORY;
        Map<String, String> flags = new TreeMap<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            if (!argument.startsWith("--") || argument.length() < 4) {
                throw new IllegalArgumentException("unknown argument " + argument + "; " + USAGE);
            }
            int equals = argument.indexOf('=');
            String option = equals < 0 ? argument : argument.substring(0, equals);
            if (equals < 0 && !rest.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value; " + USAGE);
            }
            String value = equals < 0 ? rest.next() : argument.substring(equals + 1);
            switch (option) {
                case "--config" -> config = Optional.of(path(value));
                case "--plugin-dir" -> pluginDirectory = path(value);
                default -> flags.put(option.substring(2).toLowerCase(Locale.ROOT), value);
            }
        }
        return new PluginOptions(config, pluginDirectory, flags);
    }

    private static Path path(String value) {
        return Path.of(value).toAbsolutePath().normalize();
    }

    /** The modules that they ask for, with an environment over the files. */
    public List<ModuleConfig> modules(Map<String, String> environment) throws ConfigException {
        return ConfigReader.read(sources(environment), pluginDirectory);
    }

    private Sources sources(Map<String, String> environment) throws ConfigException {
        return Sources.of(config.map(List::of).orElseGet(() -> Sources.usualFiles(environment)), environment, flags);
    }
}
