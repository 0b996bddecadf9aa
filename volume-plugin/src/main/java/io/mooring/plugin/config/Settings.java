package io.mooring.plugin.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Settings by key, with the reading of each kind of value. A bad value is refused with its place and the right form. */
final class Settings {
    private final Map<String, Setting> byKey;

    Settings(Map<String, Setting> byKey) {
        this.byKey = new TreeMap<>(byKey);
    }

    String text(String key, String absent) {
        Setting setting = byKey.get(key);
        return setting == null || setting.text().isEmpty() ? absent : setting.text();
    }

    /** Unlike other settings, an empty text is a value. */
    String textOrEmpty(String key, String absent) {
        Setting setting = byKey.get(key);
        return setting == null ? absent : setting.text();
    }

    boolean truth(String key, boolean absent) throws ConfigException {
        String text = text(key, String.valueOf(absent)).toLowerCase(Locale.ROOT);
        return switch (text) {
            case "true", "1", "t", "yes", "on" -> true;
            case "false", "0", "f", "no", "off" -> false;
            default -> throw bad(key, "true or false");
        };
    }

    int number(String key, int absent, int minimum, int maximum) throws ConfigException {
        try {
            int value = Integer.parseInt(text(key, String.valueOf(absent)));
            if (value >= minimum && value <= maximum) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw bad(key, "a whole number, " + minimum + " to " + maximum);
        }
        throw bad(key, "a whole number, " + minimum + " to " + maximum);
    }

    Duration duration(String key, String absent) throws ConfigException {
        return GoDuration.parse(text(key, absent)).orElseThrow(() -> bad(key, "a duration such as 500ms, 5s or 1m30s"));
    }

    Path absolutePath(String key, String absent) throws ConfigException {
        String text = text(key, absent);
        if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
            throw bad(key, "an absolute path");
        }
        return Path.of(text).normalize();
    }

    /** The texts of all keys below a prefix, by what follows it. */
    Map<String, String> below(String prefix) {
        Map<String, String> texts = new TreeMap<>();
        byKey.forEach((key, setting) -> {
            if (key.startsWith(prefix)) {
                texts.put(key.substring(prefix.length()), setting.text());
            }
        });
        return texts;
    }

    ConfigException bad(String key, String form) {
        Setting setting = byKey.get(key);
        return setting == null
                ? new ConfigException(key + " is missing; it must be " + form)
                : new ConfigException(
                        setting.origin() + ": " + setting.key() + " is '" + setting.text() + "', must be " + form);
    }
}
