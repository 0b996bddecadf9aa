package io.mooring.scheduler.marathon;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The options of a volume's creation, as REX-Ray knows them: keys in any case, values checked for what
 * they mean. Options that only some plugins know are passed on as they are.
 */
final class VolumeOptions {
    /** 16 TiB: beyond this a number is a mistake, such as bytes for gigabytes. */
    private static final long MOST_GB = 16 * 1024;

    private static final List<String> FILE_SYSTEMS = List.of("ext4", "xfs", "btrfs");

    private VolumeOptions() {}

    /**
     * Returns the options with lower-case keys; a file system is known by its lower-case name.
     *
     * @param wrong is told the key, what is wrong and what would be right, separated by a line feed
     */
    static Map<String, String> check(Map<String, String> written, BiConsumer<String, String> wrong) {
        Map<String, String> options = new TreeMap<>();
        written.forEach((key, value) -> {
            String name = key.toLowerCase(Locale.ROOT);
            String trimmed = value.trim();
            problem(name, trimmed).ifPresent(problem -> wrong.accept(key, problem));
            options.put(
                    name.equals("type") ? "volumetype" : name,
                    name.equals("newfstype") ? trimmed.toLowerCase(Locale.ROOT) : trimmed);
        });
        return options;
    }

    private static Optional<String> problem(String name, String value) {
        if (value.chars().anyMatch(c -> c < ' ')) {
            return Optional.of("has a control character\nprintable text");
        }
        return switch (name) {
            case "size" -> number(value, 1, MOST_GB, "GB");
            case "iops" -> number(value, 0, 1_000_000, "I/O operations a second");
            case "newfstype" ->
                FILE_SYSTEMS.contains(value.toLowerCase(Locale.ROOT))
                        ? Optional.empty()
                        : Optional.of("is '" + value + "'\none of " + String.join(", ", FILE_SYSTEMS));
            case "overwritefs", "encrypted" ->
                value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")
                        ? Optional.empty()
                        : Optional.of("is '" + value + "'\ntrue or false");
            default -> Optional.empty();
        };
    }

    private static Optional<String> number(String value, long least, long most, String unit) {
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most && !value.startsWith("+")) {
                return Optional.empty();
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        return Optional.of("is '" + value + "'\na whole number of " + unit + " from " + least + " to " + most);
    }
}
