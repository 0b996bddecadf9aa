package io.mooring.plugin.app;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * The command line.
 *
 * @param config the configuration file
 * @param pluginDirectory where the socket is made
 */
record PluginOptions(Path config, Path pluginDirectory) {
    static final String USAGE = "usage: PluginMain --config FILE [--plugin-dir DIR]";

    /** Reads it; what cannot be understood is an IllegalArgumentException whose message says why. */
    static PluginOptions parse(List<String> arguments) {
        Path config = null;
        Path pluginDirectory = Path.of("/run/docker/plugins");
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            if (!List.of("--config", "--plugin-dir").contains(option)) {
                throw new IllegalArgumentException("unknown option " + option + "; " + USAGE);
            }
            if (!rest.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value; " + USAGE);
            }
            Path value = Path.of(rest.next()).toAbsolutePath().normalize();
            if (option.equals("--config")) {
                config = value;
            } else {
                pluginDirectory = value;
            }
        }
        if (config == null) {
            throw new IllegalArgumentException("--config is missing; " + USAGE);
        }
        return new PluginOptions(config, pluginDirectory);
    }
}
