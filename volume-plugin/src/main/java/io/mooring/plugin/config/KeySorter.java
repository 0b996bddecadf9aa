package io.mooring.plugin.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gives every key its place: effective, an older name of an effective one, known to have no effect, or unknown. Today's
 * name beats an older one, the environment beats the file.
 */
final class KeySorter {
    private static final List<String> DRIVERS = List.of("loop", "vfs", "virtualbox", "scaleio");

    private KeySorter() {}

    /** Settings under today's names, the driver, and a remark on every key that is not simply used. */
    record Sorted(String driver, Settings settings, List<ConfigNote> notes) {}

    static Sorted sort(Map<String, Setting> file, Map<String, String> environment) throws ConfigException {
        Map<String, Setting> used = new TreeMap<>();
        List<ConfigNote> notes = new ArrayList<>();
        for (Map.Entry<String, Setting> entry : file.entrySet()) {
            place(entry.getKey(), entry.getValue(), file, used, notes);
        }
        for (String key : ConfigKeys.EFFECTIVE) {
            override(key, environment, used);
        }
        String driver = driver(used);
        for (String key : ConfigKeys.OF_DRIVER) {
            override(driver + "." + key, environment, used);
        }
        return new Sorted(driver, new Settings(used), List.copyOf(notes));
    }

    private static void place(
            String key, Setting setting, Map<String, Setting> file, Map<String, Setting> used, List<ConfigNote> notes) {
        if (ConfigKeys.EFFECTIVE.contains(key) || isOfDriver(key)) {
            used.put(key, setting);
            return;
        }
        if (ConfigKeys.replacement(key).isPresent()) {
            String today = ConfigKeys.replacement(key).get();
            boolean beaten = file.containsKey(today);
            if (!beaten) {
                used.putIfAbsent(today, setting);
            }
            notes.add(new ConfigNote(
                    ConfigNote.Kind.LEGACY,
                    setting.key(),
                    beaten ? "older name of " + today + ", which is given too and holds" : "older name of " + today));
            return;
        }
        notes.add(ConfigKeys.withoutEffect(key)
                .map(why -> new ConfigNote(ConfigNote.Kind.NO_EFFECT, setting.key(), "has no effect here: " + why))
                .orElseGet(() -> new ConfigNote(ConfigNote.Kind.UNKNOWN, setting.key(), unknown(key))));
    }

    /** Sections of drivers other than the chosen one are left to them: one file may serve many hosts. */
    private static boolean isOfDriver(String key) {
        int dot = key.indexOf('.');
        if (dot < 0 || !DRIVERS.contains(key.substring(0, dot))) {
            return false;
        }
        boolean ours = key.startsWith("loop.") || key.startsWith("vfs.");
        return !ours || ConfigKeys.OF_DRIVER.contains(key.substring(dot + 1));
    }

    private static String unknown(String key) {
        String without = "libstorage.integration.volume.";
        String with = without + "operations.";
        if (key.startsWith(without) && ConfigKeys.EFFECTIVE.contains(with + key.substring(without.length()))) {
            return "not known; did you mean " + with + key.substring(without.length()) + "?";
        }
        return "not known; its value is not used";
    }

    private static void override(String key, Map<String, String> environment, Map<String, Setting> used) {
        String name = ConfigKeys.environmentName(key);
        String value = environment.get(name);
        if (value != null) {
            used.put(key, new Setting(name, "environment", value));
        }
    }

    private static String driver(Map<String, Setting> used) throws ConfigException {
        Setting service = used.get(ConfigKeys.SERVICE);
        if (service == null || service.text().isBlank()) {
            throw new ConfigException("libstorage.service is missing; it must name a driver, loop or vfs");
        }
        // storageDrivers was a list; one process serves its first entry, as REX-Ray's own mapping has it.
        String driver = service.text().split("[, ]", 2)[0];
        if (!driver.matches("[a-z][a-z0-9-]{0,31}")) {
            throw new ConfigException(service.origin() + ": " + service.key() + " is '" + service.text()
                    + "', must be the name of a driver, loop or vfs");
        }
        return driver;
    }
}
