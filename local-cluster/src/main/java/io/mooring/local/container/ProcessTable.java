package io.mooring.local.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kernel's table of processes, read from /proc. */
public final class ProcessTable {
    private static final Path PROC = Path.of("/proc");

    /** Of the kernel's interface; the same on all Linux machines. */
    private static final double TICKS_PER_SECOND = 100;

    /**
     * One process; pids are used again, pid and start time together are not.
     *
     * @param startTicks clock ticks from boot to its start
     */
    public record Entry(long pid, long parent, long group, long session, long startTicks, boolean zombie) {}

    private ProcessTable() {}

    /** All processes that can be read now. */
    public static List<Entry> all() {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> numbers = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path each : numbers) {
                find(Long.parseLong(each.getFileName().toString())).ifPresent(entries::add);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot read /proc", e);
        }
        return entries;
    }

    /** The process of that pid; empty when it has ended. */
    public static Optional<Entry> find(long pid) {
        try {
            String stat =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name stands in parentheses and may contain anything, so the fields are counted from its end.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Optional.of(new Entry(
                    pid,
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[19]),
                    fields[0].equals("Z")));
        } catch (IOException e) {
            return Optional.empty(); // it has ended
        }
    }

    /**
     * What a process has taken since its start, and what it holds now.
     *
     * @param userSeconds of processor time
     * @param systemSeconds of processor time
     */
    public record Usage(double userSeconds, double systemSeconds, long rssBytes) {
        static final Usage NONE = new Usage(0, 0, 0);

        Usage plus(Usage other) {
            return new Usage(
                    userSeconds + other.userSeconds, systemSeconds + other.systemSeconds, rssBytes + other.rssBytes);
        }
    }

    /** Nothing for a process that has ended. */
    static Usage usage(long pid) {
        Path process = PROC.resolve(Long.toString(pid));
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long rssKib = Files.readAllLines(process.resolve("status"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .findFirst()
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .orElse(0L);
            return new Usage(
                    Long.parseLong(fields[11]) / TICKS_PER_SECOND,
                    Long.parseLong(fields[12]) / TICKS_PER_SECOND,
                    rssKib * 1024);
        } catch (IOException e) {
            return Usage.NONE;
        }
    }

    /** True if the process was started with exactly this variable; false also when nobody may look. */
    public static boolean hasVariable(long pid, String variable) {
        try {
            String environment =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("environ"), StandardCharsets.ISO_8859_1);
            return environment.startsWith(variable + "\0") || environment.contains("\0" + variable + "\0");
        } catch (IOException e) {
            return false;
        }
    }
}
