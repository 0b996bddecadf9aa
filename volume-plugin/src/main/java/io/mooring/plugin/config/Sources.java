package io.mooring.plugin.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where settings come from: an option beats a variable, a variable beats the files, a later file an earlier one.
 *
 * @param file settings of the files, by lower-cased key
 * @param environment the variables of the process
 * @param flags values by the option's name, without dashes and in lower case
 */
public record Sources(Map<String, Setting> file, Map<String, String> environment, Map<String, String> flags) {
    public Sources {
        file = new TreeMap<>(file);
        environment = new TreeMap<>(environment);
        flags = new TreeMap<>(flags);
    }

    /**
     * With the settings of these files.
     *
     * @throws ConfigException when one cannot be read
     */
    public static Sources of(List<Path> files, Map<String, String> environment, Map<String, String> flags)
            throws ConfigException {
        Map<String, Setting> settings = new TreeMap<>();
        for (Path file : files) {
            settings.putAll(ConfigFile.read(file));
        }
        return new Sources(settings, environment, flags);
    }

    /** REX-Ray's files, as far as there are any: the system's, then the user's. {@code REXRAY_HOME} moves the first. */
    public static List<Path> usualFiles(Map<String, String> environment) {
        String root = environment.getOrDefault("REXRAY_HOME", "");
        List<Path> files = new ArrayList<>();
        files.add(Path.of(environment.getOrDefault("REXRAY_HOME_ETC", root + "/etc/rexray"), "config.yml"));
        Optional.ofNullable(environment.get("HOME"))
                .map(home -> Path.of(home, ".rexray", "config.yml"))
                .ifPresent(files::add);
        return files.stream().filter(Files::isRegularFile).toList();
    }

    /** What overrides a key from outside the files, if anything does. */
    Optional<Setting> over(String key) {
        String flag = flags.get(ConfigKeys.flagName(key));
        if (flag != null) {
            return Optional.of(new Setting("--" + key, "command line", flag));
        }
        String variable = ConfigKeys.environmentName(key);
        return Optional.ofNullable(environment.get(variable)).map(value -> new Setting(variable, "environment", value));
    }
}
