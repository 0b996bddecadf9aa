package io.mooring.executor.mounttable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The mounts of one mount namespace, in the order of the kernel: a later one hides an earlier one at the same place. */
public record MountInfo(List<MountEntry> entries) {
    public MountInfo {
        entries = List.copyOf(entries);
    }

    /** Reads the text of a mountinfo file. A line that is none is skipped: the kernel may add forms. */
    public static MountInfo parse(String text) {
        List<MountEntry> entries = new ArrayList<>();
        for (String line : text.split("\n")) {
            parseLine(line).ifPresent(entries::add);
        }
        return new MountInfo(entries);
    }

    /** The mount that a path lies on: of the longest mount points the last one. */
    public Optional<MountEntry> containing(Path path) {
        MountEntry best = null;
        for (MountEntry entry : entries) {
            Path point = Path.of(entry.point());
            if (path.startsWith(point)
                    && (best == null
                            || point.getNameCount() >= Path.of(best.point()).getNameCount())) {
                best = entry;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Whether anything of this file system is mounted: device numbers are used again, so the source has to fit, too. */
    public boolean shows(String device, String source) {
        return entries.stream()
                .anyMatch(
                        entry -> entry.device().equals(device) && entry.source().equals(source));
    }

    /**
     * Whether a mount that turns up in that namespace can turn up here, too: only where both have a mount of one peer group, or
     * one that follows it.
     */
    boolean connectedTo(MountInfo other) {
        Set<Integer> groups = other.groups();
        return groups().stream().anyMatch(groups::contains);
    }

    private Set<Integer> groups() {
        return entries.stream()
                .flatMap(entry -> Stream.concat(entry.sharedGroup().stream(), entry.masterGroup().stream()))
                .collect(Collectors.toSet());
    }

    private static Optional<Integer> group(String tag, String[] fields, int end) {
        for (int i = 6; i < end; i++) {
            if (fields[i].startsWith(tag)) {
                return Optional.of(Integer.valueOf(fields[i].substring(tag.length())));
            }
        }
        return Optional.empty();
    }

    private static Optional<MountEntry> parseLine(String line) {
        String[] fields = line.split(" ");
        int separator = 6;
        while (separator < fields.length && !fields[separator].equals("-")) {
            separator++;
        }
        if (separator + 2 >= fields.length) {
            return Optional.empty();
        }
        return Optional.of(new MountEntry(
                Integer.parseInt(fields[0]),
                Integer.parseInt(fields[1]),
                fields[2],
                unescape(fields[3]),
                unescape(fields[4]),
                group("shared:", fields, separator),
                group("master:", fields, separator),
                fields[separator + 1],
                unescape(fields[separator + 2])));
    }

    /** Blank, tab, line feed and backslash come as three octal digits. */
    private static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        ByteBuffer plain = ByteBuffer.allocate(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\\' && i + 3 < bytes.length) {
                int code = ((bytes[i + 1] - '0') << 6) | ((bytes[i + 2] - '0') << 3) | (bytes[i + 3] - '0');
                plain.put((byte) code);
                i += 3;
            } else {
                plain.put(bytes[i]);
            }
        }
        return new String(plain.array(), 0, plain.position(), StandardCharsets.UTF_8);
    }
}
