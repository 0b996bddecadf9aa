package io.mooring.plugin.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Gives every key its place: effective, an older name of an effective one, known to have no effect, or unknown. Today's
 * name beats an older one. Keys below a module or a service hold for that alone, and there beat those of all.
 */
final class KeySorter {
    static final String MODULES = "rexray.modules.";
    /** The module that REX-Ray has without being told; so it may be changed by variables alone. */
    static final String USUAL = "default-docker";

    static final String SERVICES = "libstorage.server.services.";
    private static final List<String> DRIVERS = List.of("loop", "vfs", "virtualbox", "scaleio");

    private final Sources sources;
    private final List<ConfigNote> notes = new ArrayList<>();
    private final Set<String> usedFlags = new TreeSet<>();

    KeySorter(Sources sources) {
        this.sources = sources;
    }

    /** Remarks on every key that was looked at and is not simply used. */
    List<ConfigNote> notes() {
        return List.copyOf(notes);
    }

    /** The names of modules or services that have keys. */
    Set<String> names(String scopes) {
        Set<String> names = new TreeSet<>();
        for (String key : sources.file().keySet()) {
            if (key.startsWith(scopes) && key.indexOf('.', scopes.length()) > 0) {
                names.add(key.substring(scopes.length(), key.indexOf('.', scopes.length())));
            }
        }
        boolean told = ConfigKeys.OF_MODULE.keySet().stream()
                .anyMatch(key -> sources.over(MODULES + USUAL + "." + key).isPresent());
        if (scopes.equals(MODULES) && told) {
            names.add(USUAL);
        }
        return names;
    }

    /** The settings of one scope under today's names; those of all for the empty one. */
    Map<String, Setting> settings(String scope, Set<String> own) {
        Map<String, Setting> inScope = new TreeMap<>();
        sources.file().forEach((key, setting) -> {
            boolean deeper = scope.isEmpty() && (key.startsWith(MODULES) || key.startsWith(SERVICES));
            if (key.startsWith(scope) && !deeper) {
                inScope.put(key.substring(scope.length()), setting);
            }
        });
        for (String older : ConfigKeys.older()) {
            override(scope, older, inScope);
        }
        Map<String, Setting> used = new TreeMap<>();
        inScope.forEach((key, setting) -> place(key, setting, inScope, own, used));
        if (scope.isEmpty()) {
            noteLone(MODULES);
            noteLone(SERVICES);
        }
        for (String key : own) {
            override(scope, key, used);
        }
        for (String key : ConfigKeys.EFFECTIVE.keySet()) {
            override(scope, key, used);
        }
        for (String driver : DRIVERS) {
            ConfigKeys.ofDriver(driver).keySet().forEach(key -> override(scope, driver + "." + key, used));
        }
        return used;
    }

    /** A module or a service without any setting of its own is none. */
    private void noteLone(String scopes) {
        sources.file().forEach((key, setting) -> {
            if (key.startsWith(scopes) && key.indexOf('.', scopes.length()) < 0) {
                notes.add(new ConfigNote(
                        ConfigNote.Kind.UNKNOWN,
                        setting.key(),
                        "not used; it has to have settings of its own, such as " + setting.key()
                                + (scopes.equals(MODULES) ? ".type: docker" : ".driver: loop")));
            }
        });
    }

    /**
     * Refuses options that are no key's.
     *
     * @throws ConfigException with the first of them
     */
    void requireKnownFlags() throws ConfigException {
        for (String flag : sources.flags().keySet()) {
            if (!usedFlags.contains(flag)) {
                throw new ConfigException(
                        "--" + flag + " is no setting; the option of a setting is its key with a capital"
                                + " for each dot, such as --libstorageService");
            }
        }
    }

    private void override(String scope, String key, Map<String, Setting> used) {
        usedFlags.add(ConfigKeys.flagName(scope + key));
        sources.over(scope + key).ifPresent(setting -> used.put(key, setting));
    }

    private void place(
            String key, Setting setting, Map<String, Setting> inScope, Set<String> own, Map<String, Setting> used) {
        if (own.contains(key) || ConfigKeys.EFFECTIVE.containsKey(key) || isOfDriver(key)) {
            used.put(key, setting);
            return;
        }
        if (ConfigKeys.replacement(key).isPresent()) {
            String today = ConfigKeys.replacement(key).get();
            boolean beaten = inScope.containsKey(today);
            if (!beaten) {
                used.putIfAbsent(today, setting);
            }
            boolean several =
                    today.equals(ConfigKeys.SERVICE) && setting.text().strip().matches(".*[, ].*");
            String older = "older name of " + today + (beaten ? ", which is given too and holds" : "")
                    + (several ? "; only its first entry is served, give the others modules of their own" : "");
            notes.add(new ConfigNote(
                    ConfigNote.Kind.LEGACY,
                    setting.key(),
                    key.startsWith("rexray.volume.")
                            ? older + "; REX-Ray itself overlooks this form since 0.4"
                            : older));
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
        return ConfigKeys.ofDriver(key.substring(0, dot)).containsKey(key.substring(dot + 1));
    }

    private static String unknown(String key) {
        String without = "libstorage.integration.volume.";
        String with = without + "operations.";
        if (key.startsWith(without) && ConfigKeys.EFFECTIVE.containsKey(with + key.substring(without.length()))) {
            return "not known; did you mean " + with + key.substring(without.length()) + "?";
        }
        return "not known; its value is not used";
    }
}
