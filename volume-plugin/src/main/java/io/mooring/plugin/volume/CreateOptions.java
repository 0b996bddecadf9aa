package io.mooring.plugin.volume;

import io.mooring.common.volume.VolumeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The options of a create call, read and checked. Keys are compared without case. What is not known is refused: an
 * option that is dropped in silence is a volume that is not what was asked for.
 *
 * @param sizeGb size in GB
 * @param fsType file system that a blank volume is given
 * @param iops IOPS, 0 for none
 * @param type volume type, or empty
 * @param zone availability zone, or empty
 * @param source what it is a copy of; empty for an empty one
 * @param given the options as they came, keys lower-cased and aliases resolved
 */
public record CreateOptions(
        long sizeGb,
        FsType fsType,
        int iops,
        String type,
        String zone,
        Optional<Source> source,
        Map<String, String> given) {
    private static final long MAX_SIZE_GB = 1_000_000;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 _.:/-]{0,127}|");
    private static final Set<String> TRUTHS =
            new TreeSet<>(List.of("1", "t", "true", "0", "f", "false")); // what Go's ParseBool takes, without case

    private static final String SIZE = "size";
    private static final String IOPS = "iops";
    private static final String TYPE = "volumetype";
    private static final String ZONE = "availabilityzone";
    private static final String FS = "newfstype";
    private static final String OVERWRITE = "overwritefs";
    private static final Map<String, String> ALIASES = new TreeMap<>(Map.of("type", TYPE, "fstype", FS));
    private static final Set<String> SOURCES =
            new TreeSet<>(List.of("volumename", "volumeid", "snapshotname", "snapshotid"));
    private static final String KNOWN = "size, IOPS, volumeType (or type), availabilityZone, newFsType (or fsType),"
            + " overwriteFs, volumeName (or volumeID), snapshotName (or snapshotID)";

    public CreateOptions {
        given = Map.copyOf(given);
    }

    /**
     * Reads options as they came; what is missing is taken from the defaults.
     *
     * @throws VolumeException when an option is unknown, given twice, or has a value that it cannot have
     */
    public static CreateOptions parse(Map<String, String> options, CreateDefaults defaults) throws VolumeException {
        Map<String, String> given = known(options);
        if (given.containsKey(OVERWRITE)
                && !TRUTHS.contains(given.get(OVERWRITE).toLowerCase(Locale.ROOT))) {
            throw bad("overwriteFs", given.get(OVERWRITE), "true or false");
        }
        return new CreateOptions(
                number(given, SIZE, "a whole number of GB, 1 to " + MAX_SIZE_GB, 1, defaults.sizeGb()),
                fsType(given, defaults.fsType()),
                (int) number(given, IOPS, "a whole number, 0 for none", 0, defaults.iops()),
                word(given, TYPE, defaults.type()),
                word(given, ZONE, defaults.zone()),
                source(given),
                given);
    }

    private static Optional<Source> source(Map<String, String> given) throws VolumeException {
        List<String> sources = given.keySet().stream().filter(SOURCES::contains).toList();
        if (sources.isEmpty()) {
            return Optional.empty();
        }
        if (sources.size() > 1) {
            throw new VolumeException("options " + String.join(" and ", sources)
                    + " each name what the volume is to be a copy of; give one of them");
        }
        String key = sources.get(0);
        VolumeName name;
        try {
            name = new VolumeName(given.get(key));
        } catch (IllegalArgumentException e) {
            throw new VolumeException("option " + key + ": " + e.getMessage(), e);
        }
        return Optional.of(key.startsWith("volume") ? new Source.OfVolume(name) : new Source.OfSnapshot(name));
    }

    /** Whether a size was given, and not only a default. */
    public boolean statesSize() {
        return given.containsKey(SIZE);
    }

    /** Whether a file system was given, and not only a default. */
    public boolean statesFsType() {
        return given.containsKey(FS);
    }

    /**
     * What of these options an existing volume does not have; empty when a repeated create call is satisfied by it. Only
     * options that were given count.
     */
    public List<String> differencesFrom(VolumeRecord existing) {
        List<String> differences = new ArrayList<>();
        if (given.containsKey(SIZE) && sizeGb != existing.sizeGb()) {
            differences.add("its size is " + existing.sizeGb() + " GB, not " + sizeGb + " GB");
        }
        if (given.containsKey(FS) && fsType != existing.fsType()) {
            differences.add("its file system is " + existing.fsType().label() + ", not " + fsType.label());
        }
        return differences;
    }

    private static Map<String, String> known(Map<String, String> options) throws VolumeException {
        Map<String, String> known = new TreeMap<>();
        for (Map.Entry<String, String> option : new TreeMap<>(options).entrySet()) {
            String key = option.getKey().toLowerCase(Locale.ROOT);
            String resolved = ALIASES.getOrDefault(key, key);
            if (!SOURCES.contains(resolved)
                    && !List.of(SIZE, IOPS, TYPE, ZONE, FS, OVERWRITE).contains(resolved)) {
                throw new VolumeException(
                        "option '" + Printable.of(option.getKey()) + "' is not known; known are " + KNOWN);
            }
            if (known.putIfAbsent(resolved, option.getValue()) != null) {
                throw new VolumeException("option " + Printable.of(option.getKey())
                        + " is given twice under names that mean the same; give it once");
            }
        }
        return known;
    }

    private static long number(Map<String, String> given, String key, String form, long minimum, long absent)
            throws VolumeException {
        String text = given.get(key);
        if (text == null) {
            return absent;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw bad(key, text, form);
        }
        long value = Long.parseLong(text);
        if (value < minimum || (key.equals(SIZE) && value > MAX_SIZE_GB)) {
            throw bad(key, text, form);
        }
        return value;
    }

    private static FsType fsType(Map<String, String> given, FsType absent) throws VolumeException {
        String text = given.get(FS);
        if (text == null) {
            return absent;
        }
        return FsType.named(text)
                .orElseThrow(() -> bad("newFsType", text, "one of " + String.join(", ", FsType.labels())));
    }

    private static String word(Map<String, String> given, String key, String absent) throws VolumeException {
        String text = given.getOrDefault(key, absent);
        if (!WORD.matcher(text).matches()) {
            throw bad(key, text, "up to 128 letters, digits, spaces and _ . : / -");
        }
        return text;
    }

    private static VolumeException bad(String key, String value, String form) {
        return new VolumeException("option " + key + " is '" + Printable.of(value) + "', must be " + form);
    }
}
