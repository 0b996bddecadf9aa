package io.mooring.executor.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.common.volume.DriverName;
import io.mooring.executor.plugin.LimitsByPlugin;
import io.mooring.executor.plugin.PluginLimits;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads {@code pluginLimits} of the agent configuration: an object for each plugin by its name, and one named {@code *} for all
 * others. What an object leaves out is as in that one, and what that one leaves out is as usual.
 */
final class LimitsSection {
    private static final String OTHERS = "*";
    private static final Set<String> KEYS = Set.of(
            "changeSeconds",
            "questionSeconds",
            "connectSeconds",
            "waitSeconds",
            "calls",
            "silentCalls",
            "pauseSeconds");

    private LimitsSection() {}

    /** @throws IllegalArgumentException naming the key that is wrong, and what would be right */
    static LimitsByPlugin read(JsonNode section) {
        if (section.isMissingNode()) {
            return LimitsByPlugin.USUAL;
        }
        if (!section.isObject()) {
            throw new IllegalArgumentException(
                    "'pluginLimits' has to be an object such as {\"rexray\": {\"changeSeconds\": 1800}}");
        }
        PluginLimits others =
                section.has(OTHERS) ? limits(OTHERS, section.get(OTHERS), PluginLimits.USUAL) : PluginLimits.USUAL;
        Map<DriverName, PluginLimits> byName = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        section.properties().forEach(entry -> {
            if (!entry.getKey().equals(OTHERS)) {
                byName.put(new DriverName(entry.getKey()), limits(entry.getKey(), entry.getValue(), others));
            }
        });
        return new LimitsByPlugin(byName, others);
    }

    private static PluginLimits limits(String plugin, JsonNode object, PluginLimits absent) {
        String where = "'pluginLimits." + plugin + "'";
        if (!object.isObject()) {
            throw new IllegalArgumentException(where + " has to be an object with keys of " + sorted());
        }
        object.properties().forEach(entry -> {
            if (!KEYS.contains(entry.getKey())) {
                throw new IllegalArgumentException(
                        where + " has an unknown key '" + entry.getKey() + "'; the keys are " + sorted());
            }
        });
        try {
            return new PluginLimits(
                    seconds(object, "changeSeconds", absent.change()),
                    seconds(object, "questionSeconds", absent.question()),
                    seconds(object, "connectSeconds", absent.connect()),
                    seconds(object, "waitSeconds", absent.patience()),
                    number(object, "calls", absent.calls()),
                    number(object, "silentCalls", absent.silentCalls()),
                    seconds(object, "pauseSeconds", absent.longestPause()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
        }
    }

    private static Set<String> sorted() {
        return new TreeSet<>(KEYS);
    }

    private static Duration seconds(JsonNode object, String key, Duration absent) {
        return object.has(key) ? Duration.ofSeconds(number(object, key, 0)) : absent;
    }

    private static int number(JsonNode object, String key, int absent) {
        JsonNode value = object.path(key);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new IllegalArgumentException(key + " has to be a whole number, not " + value);
        }
        return value.intValue();
    }
}
