package io.mooring.plugin.mounttable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A parsed mountinfo file. The kernel writes one mount per line with a variable number of optional fields that end in
 * a lone dash, and escapes space, tab, newline and backslash as three octal digits (proc(5)).
 */
public record MountInfo(List<MountEntry> entries) {
    private static final int FIXED_FIELDS = 6;
    private static final String PEERS = "shared:";

    public MountInfo {
        entries = List.copyOf(entries);
    }

    /** Reads a whole file; lines of a form that the kernel does not write are left out. */
    public static MountInfo parse(String text) {
        List<MountEntry> entries = new ArrayList<>();
        for (String line : text.split("\n")) {
            entry(line.split(" ")).ifPresent(entries::add);
        }
        return new MountInfo(entries);
    }

    /** What is mounted at exactly this path; the last one hides the others. */
    public Optional<MountEntry> topmostAt(Path path) {
        return entries.stream()
                .filter(entry -> entry.mountPoint().equals(path.toString()))
                .reduce((below, above) -> above);
    }

    /** All mounts of one block device, by its node and by its number: either is missing for some file systems. */
    public List<MountEntry> ofDevice(String node, String number) {
        return entries.stream()
                .filter(entry -> entry.device().equals(number) || entry.source().equals(node))
                .toList();
    }

    private static Optional<MountEntry> entry(String[] fields) {
        int dash = FIXED_FIELDS;
        int peerGroup = 0;
        while (dash < fields.length && !fields[dash].equals("-")) {
            if (fields[dash].startsWith(PEERS)) {
                peerGroup = Integer.parseInt(fields[dash].substring(PEERS.length()));
            }
            dash++;
        }
        if (dash + 2 >= fields.length) {
            return Optional.empty();
        }
        return Optional.of(new MountEntry(
                fields[2],
                unescape(fields[3]),
                unescape(fields[4]),
                peerGroup,
                fields[dash + 1],
                unescape(fields[dash + 2])));
    }

    private static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 3 < field.length() && isOctal(field, i + 1)) {
                plain.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static boolean isOctal(String field, int start) {
        return field.substring(start, start + 3).chars().allMatch(c -> c >= '0' && c <= '7');
    }
}
