package io.mooring.plugin.config;

import io.mooring.plugin.service.CatalogPolicy.Switch;
import io.mooring.plugin.volume.Preempt;
import io.mooring.plugin.volume.UsedCount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Explains a configuration key by key: what each does here, what it is called today, or why it does nothing. REX-Ray drops
 * what it does not know in silence, and people find out when a volume is gone.
 */
public final class Lint {
    private final Sources sources;
    private final List<Line> lines = new ArrayList<>();

    private Lint(Sources sources) {
        this.sources = sources;
    }

    /** What is to be said about a key or about the whole. */
    public enum Kind {
        /** It does what its remark says. */
        EFFECTIVE,
        /** A variable or an option has another value for it. */
        OVERRIDDEN,
        /** An older name that is understood. */
        LEGACY,
        /** A key of REX-Ray that does nothing here. */
        IGNORED,
        /** Not a key of anything. */
        UNKNOWN,
        /** A module that is served. */
        SERVED,
        /** It works, and may not be what was meant. */
        WARNING,
        /** It cannot be used like this. */
        ERROR;

        /** Whether somebody should look at it before anything is started. */
        public boolean bad() {
            return this == UNKNOWN || this == ERROR;
        }
    }

    /**
     * One remark.
     *
     * @param key as it was written; what it is about otherwise
     * @param value as it was written; empty where there is none
     */
    public record Line(Kind kind, String key, String value, String remark) {}

    /** Explains the settings of these sources; what cannot be read at all is an error of its own. */
    public static List<Line> of(Sources sources, Path pluginDirectory) {
        Lint lint = new Lint(sources);
        lint.explainKeys();
        lint.explainWhole(pluginDirectory);
        return List.copyOf(lint.lines);
    }

    private void explainKeys() {
        Map<String, ConfigNote> notes = notes();
        sources.file().forEach((key, setting) -> {
            ConfigNote note = notes.get(setting.key());
            Optional<Setting> over = sources.over(key);
            if (note != null) {
                lines.add(new Line(kind(note), setting.key(), shown(setting), note.text()));
            } else if (over.isPresent()) {
                lines.add(new Line(
                        Kind.OVERRIDDEN,
                        setting.key(),
                        shown(setting),
                        over.get().key() + " (" + over.get().origin() + ") says " + shown(over.get())));
            } else {
                lines.add(new Line(Kind.EFFECTIVE, setting.key(), shown(setting), meaning(local(key))));
            }
        });
        explainElsewhere(notes);
    }

    /** Older names that are variables or options only. */
    private void explainElsewhere(Map<String, ConfigNote> notes) {
        Set<String> written = sources.file().values().stream().map(Setting::key).collect(Collectors.toSet());
        notes.forEach((key, note) -> {
            if (!written.contains(key)) {
                lines.add(new Line(kind(note), key, "", note.text()));
            }
        });
    }

    /** Looks at every scope, whether or not it is served. */
    private Map<String, ConfigNote> notes() {
        KeySorter sorter = new KeySorter(sources);
        sorter.settings("", Set.of());
        for (String service : sorter.names(KeySorter.SERVICES)) {
            sorter.settings(KeySorter.SERVICES + service + ".", Set.of("driver"));
        }
        for (String module : sorter.names(KeySorter.MODULES)) {
            sorter.settings(KeySorter.MODULES + module + ".", ConfigKeys.OF_MODULE.keySet());
        }
        return sorter.notes().stream()
                .collect(Collectors.toMap(ConfigNote::key, note -> note, (first, second) -> first, TreeMap::new));
    }

    private static Kind kind(ConfigNote note) {
        return switch (note.kind()) {
            case LEGACY -> Kind.LEGACY;
            case NO_EFFECT -> Kind.IGNORED;
            case UNKNOWN -> Kind.UNKNOWN;
        };
    }

    private static String shown(Setting setting) {
        boolean secret = List.of("password", "secret", "token").stream()
                .anyMatch(word -> setting.key().toLowerCase(Locale.ROOT).contains(word));
        return secret ? "(not shown)" : setting.text();
    }

    /** The key without the module or service that it holds for. */
    private static String local(String key) {
        for (String scopes : List.of(KeySorter.MODULES, KeySorter.SERVICES)) {
            if (key.startsWith(scopes)) {
                return key.substring(key.indexOf('.', scopes.length()) + 1);
            }
        }
        return key;
    }

    private static String meaning(String key) {
        String inSection = key.substring(key.indexOf('.') + 1);
        if (ConfigKeys.EFFECTIVE.containsKey(key)) {
            return ConfigKeys.EFFECTIVE.get(key);
        }
        if (ConfigKeys.OF_MODULE.containsKey(key)) {
            return ConfigKeys.OF_MODULE.get(key);
        }
        return key.equals("driver")
                ? "the storage driver of this service"
                : ConfigKeys.ofDriver(key.substring(0, Math.max(0, key.indexOf('.'))))
                        .getOrDefault(inSection, "");
    }

    private void explainWhole(Path pluginDirectory) {
        List<ModuleConfig> modules;
        try {
            modules = ConfigReader.read(sources, pluginDirectory);
        } catch (ConfigException e) {
            lines.add(new Line(Kind.ERROR, "configuration", "", e.getMessage()));
            return;
        }
        for (ModuleConfig module : modules) {
            lines.add(new Line(
                    Kind.SERVED,
                    module.name(),
                    module.endpoint().toString(),
                    "driver " + module.plugin().driver() + ", pool "
                            + module.plugin().pool() + ", mounted in "
                            + module.plugin().mountPath()));
            warn(module);
        }
    }

    private void warn(ModuleConfig module) {
        PluginConfig plugin = module.plugin();
        if (plugin.mounting().preempt() == Preempt.ON) {
            warning(
                    module,
                    "mount.preempt",
                    "in REX-Ray every mount then takes the volume from whoever writes to it, so Mooring counts such a"
                            + " plugin as class D; here it never takes one from a claim");
        }
        if (plugin.mounting().usedCount() == UsedCount.IGNORED) {
            warning(
                    module,
                    "unmount.ignoreusedcount",
                    "the first of several users on a host that stops unmounts the volume for all of them; a claim's"
                            + " mount stays");
        }
        if (plugin.catalog().remove() == Switch.OFF) {
            warning(
                    module,
                    "remove.disable",
                    "a remove is answered with success, and the volume stays; Mooring looks afterwards and says so");
        }
    }

    private void warning(ModuleConfig module, String key, String remark) {
        lines.add(new Line(Kind.WARNING, key, module.name(), remark));
    }
}
