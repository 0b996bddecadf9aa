package io.mooring.executor.plugin;

import io.mooring.executor.mount.Outcome;
import io.mooring.executor.mount.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The kinds of volume plugins that answer differently. REX-Ray changed its forms twice, and has no call that says which
 * version it is; what a generation does to options and answers was read in its sources and recorded from 0.11.
 */
enum Generation {
    /** Mooring's own. */
    MOORING("Mooring"),
    /** Creating with {@code overwritefs} formats a volume of that name that is there already. */
    REXRAY_0_3("REX-Ray 0.3"),
    /** Errors under {@code Error}, as text; copies are not made any more, and nothing says so. */
    REXRAY_0_4("REX-Ray 0.4 to 0.9"),
    /** Errors as Docker's own helper library has them; copies are not made. */
    REXRAY_0_10("REX-Ray 0.10 or later"),
    /**
     * As the one before and after it, but it only knows what it has made or listed since it started, and a Mount of a
     * volume that it does not know makes one.
     */
    REXRAY_0_11_CSI("REX-Ray 0.11.0 to 0.11.2"),
    /** Any other. */
    DOCKER("Docker volume plugin");

    private static final String OVERWRITE = "overwritefs";
    private static final List<String> COPIES = List.of("volumename", "volumeid", "snapshotname", "snapshotid");

    private final String words;

    Generation(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    boolean rexRay() {
        return this == REXRAY_0_3 || hidesVolumesOfOthers();
    }

    /** Whether "not found", answered to a Mount, may also mean that another host has the volume. */
    boolean hidesVolumesOfOthers() {
        return this == REXRAY_0_4 || this == REXRAY_0_10 || this == REXRAY_0_11_CSI;
    }

    /** Whether "not found" may only mean that nobody has asked for a List since the plugin started. */
    boolean forgetsVolumes() {
        return this == REXRAY_0_11_CSI;
    }

    /** Whether it depends on the generation what becomes of these options. */
    static boolean matters(Map<String, String> wanted) {
        return wanted.keySet().stream()
                .map(key -> key.toLowerCase(Locale.ROOT))
                .anyMatch(key -> key.equals(OVERWRITE) || COPIES.contains(key));
    }

    /** The options that a volume may be created with: what would do harm is left out, what would be dropped is refused. */
    Outcome<Map<String, String>> options(Map<String, String> wanted) {
        Map<String, String> sent = new TreeMap<>();
        for (Map.Entry<String, String> option : wanted.entrySet()) {
            String key = option.getKey().toLowerCase(Locale.ROOT);
            if (hidesVolumesOfOthers() && COPIES.contains(key)) {
                return new Outcome.Refused<>(
                        Refusal.REJECTED,
                        words + " ignores the option '" + option.getKey()
                                + "', so the volume would be empty; make the copy by the storage's own tools");
            }
            if (this != REXRAY_0_3 || !key.equals(OVERWRITE)) {
                sent.put(option.getKey(), option.getValue());
            }
        }
        return new Outcome.Done<>(sent);
    }
}
