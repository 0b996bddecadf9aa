package io.mooring.plugin.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;

/**
 * Names the process that runs. With the moment of its start, because the kernel gives the number to another process one
 * day, and that one must not be taken for ours, let alone ended. The moment is the kernel's, in ticks since a boot: by the
 * time of day all processes seem to have started at another moment once somebody has set the clock.
 */
final class PidFile {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    /** What the third field is of a process that has ended, and that nobody has asked about yet: in a container perhaps never. */
    private static final Set<String> ENDED = Set.of("Z", "X");

    /** Which field of a process's stat file it is, counted from 1. */
    private static final int START = 22;

    private final Path file;

    PidFile(Path file) {
        this.file = file;
    }

    /** The process, if it still runs. */
    Optional<ProcessHandle> process() throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        String[] words = text.split(" ");
        if (words.length != 2 || !words[0].matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(words[0]))
                .filter(process -> process.isAlive()
                        && started(process).filter(words[1]::equals).isPresent());
    }

    void write(ProcessHandle process) throws IOException {
        Files.createDirectories(file.getParent());
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(draft, process.pid() + " " + started(process).orElse("gone") + "\n", StandardCharsets.UTF_8);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    void remove() throws IOException {
        Files.deleteIfExists(file);
    }

    private static Optional<String> started(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
            // The second field is the program's name in brackets, which may have blanks and brackets in it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
            if (ENDED.contains(fields[0])) {
                return Optional.empty();
            }
            String boot = Files.readString(BOOT).strip();
            return Optional.of(boot + ":" + fields[START - 3]);
        } catch (IOException e) {
            return Optional.empty(); // it has ended meanwhile
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
