package io.mooring.executor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Processes by PID namespace, from {@code /proc}. One that ends while it is looked at is not there. */
public final class ProcessTable {
    private static final Path PROC = Path.of("/proc");

    /** The PID namespace that a process's children are in; empty as long as that has no process. */
    Optional<String> pidNamespaceOfChildren(long pid) {
        return link(PROC.resolve(pid + "/ns/pid_for_children"));
    }

    List<Long> inPidNamespace(String namespace) {
        List<Long> members = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                if (link(entry.resolve("ns/pid")).filter(namespace::equals).isPresent()) {
                    members.add(Long.valueOf(entry.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("/proc cannot be read", e);
        }
        return members;
    }

    /** A process's number in its own namespace. */
    OptionalLong innermostPid(long pid) {
        Optional<String> numbers = status(pid, "NSpid");
        if (numbers.isEmpty()) {
            return OptionalLong.empty();
        }
        String[] all = numbers.get().split("\\s+");
        return OptionalLong.of(Long.parseLong(all[all.length - 1]));
    }

    /** The kernel's letter and word for what a process is doing, such as {@code D (disk sleep)}. */
    Optional<String> state(long pid) {
        return status(pid, "State");
    }

    private static Optional<String> status(long pid, String field) {
        try {
            return Files.readString(PROC.resolve(pid + "/status"), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(field + ":"))
                    .map(line -> line.substring(field.length() + 1).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> link(Path file) {
        try {
            return Optional.of(Files.readSymbolicLink(file).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
