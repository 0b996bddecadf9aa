package io.mooring.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a cluster that was killed left behind: processes that carry its paths in their environment or command line,
 * mounts below its run directory, loop devices on files of its pool, sockets. Everything is recognised by the cluster's
 * own paths, so nothing of anybody else's is touched.
 */
final class Leftovers {
    private static final Path PROC = Path.of("/proc");
    private static final Path BLOCK = Path.of("/sys/block");
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");
    private static final long TRY_SECONDS = 15;

    private final Layout layout;
    private final List<String> done = new ArrayList<>();

    Leftovers(Layout layout) {
        this.layout = layout;
    }

    /**
     * Cleans up; returns what was done, in words. The data stay.
     *
     * @throws IOException when a volume cannot be unmounted, with who uses it; nothing is deleted then, as a delete would
     *     reach into the volume
     */
    List<String> cleanUp() throws IOException {
        killProcesses();
        until(this::unmountAll);
        refuseWhileMounted();
        until(this::detachAll);
        deleteTree(layout.run());
        return List.copyOf(done);
    }

    private void refuseWhileMounted() throws IOException {
        List<String> mounts = mounts();
        if (mounts.isEmpty()) {
            return;
        }
        String last = mounts.get(mounts.size() - 1);
        List<String> users = MountUsers.of(last);
        throw new IOException(last + " cannot be unmounted"
                + (users.isEmpty() ? "" : "; these processes use it: " + String.join(", ", users))
                + "; leave it, then start again");
    }

    private interface Attempt {
        boolean succeeds() throws IOException;
    }

    private static void until(Attempt attempt) throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(TRY_SECONDS);
        while (!attempt.succeeds()
                && System.nanoTime() < until
                && !Thread.currentThread().isInterrupted()) {
            pause();
        }
    }

    /** Whether anything of the cluster is still there, each with a line that says what. */
    List<String> remaining() throws IOException {
        List<String> found = new ArrayList<>();
        processes().forEach(pid -> found.add("process " + pid));
        mounts().forEach(mount -> found.add("mount " + mount));
        loopDevices().forEach(device -> found.add("loop device " + device));
        if (Files.exists(layout.run())) {
            found.add("run directory " + layout.run());
        }
        return found;
    }

    private void killProcesses() throws IOException {
        List<Long> pids = processes();
        for (int round = 0; round < 50 && !pids.isEmpty(); round++) {
            for (long pid : pids) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                if (round == 0) {
                    done.add("ended process " + pid);
                }
            }
            pause();
            pids = processes();
        }
    }

    /** Processes that were started for this directory: its path stands in their environment or command line. */
    private List<Long> processes() throws IOException {
        String directory = layout.directory() + "/";
        long self = ProcessHandle.current().pid();
        List<Long> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(PROC)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = entry.getFileName().toString();
                if (name.chars().allMatch(Character::isDigit)
                        && Long.parseLong(name) != self
                        && !ancestor(Long.parseLong(name))
                        && mentions(entry, directory)) {
                    found.add(Long.parseLong(name));
                }
            }
        }
        return found;
    }

    private static boolean ancestor(long pid) {
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        while (parent.isPresent()) {
            if (parent.get().pid() == pid) {
                return true;
            }
            parent = parent.get().parent();
        }
        return false;
    }

    private static boolean mentions(Path process, String directory) {
        // A person's shell or editor may name the directory too; ours name it in an argument of their own or in a
        // variable.
        return strings(process.resolve("environ")).stream()
                        .anyMatch(variable ->
                                (variable.startsWith("MOORING_AGENT_CONFIG=") || variable.startsWith("MESOS_SANDBOX="))
                                        && variable.contains("=" + directory))
                || (strings(process.resolve("cmdline")).contains("io.mooring.cli.MooringMain")
                        && strings(process.resolve("cmdline")).stream()
                                .anyMatch(argument -> argument.startsWith(directory)));
    }

    private static List<String> strings(Path file) {
        try {
            return Arrays.asList(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\0"));
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // it ended, or it is not ours
        }
    }

    /** Unmounts the deepest first; true when nothing is left. */
    private boolean unmountAll() throws IOException {
        List<String> mounts = mounts();
        Collections.reverse(mounts);
        for (String mount : mounts) {
            if (run("umount", mount)) {
                done.add("unmounted " + mount);
            }
        }
        return mounts().isEmpty();
    }

    private List<String> mounts() throws IOException {
        List<String> found = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            String point = unescaped(line.split(" ")[4]);
            if (point.startsWith(layout.run() + "/") || point.startsWith(layout.directory() + "/")) {
                found.add(point);
            }
        }
        return found;
    }

    /** The kernel writes blanks, tabs, line ends and backslashes of a path as three octal digits. */
    private static String unescaped(String path) {
        return ESCAPE.matcher(path)
                .replaceAll(found -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(found.group(1), 8))));
    }

    /** Detaches what is left; true when nothing is. The kernel may take a moment after it answered. */
    private boolean detachAll() throws IOException {
        for (String device : loopDevices()) {
            if (run("losetup", "-d", device)) {
                done.add("detached " + device);
            }
        }
        return loopDevices().isEmpty();
    }

    private List<String> loopDevices() throws IOException {
        List<String> found = new ArrayList<>();
        if (!Files.isDirectory(BLOCK)) {
            return found;
        }
        try (Stream<Path> devices = Files.list(BLOCK)) {
            for (Path device : (Iterable<Path>) devices.sorted()::iterator) {
                Path backing = device.resolve("loop/backing_file");
                if (Files.isReadable(backing) && Files.readString(backing).startsWith(layout.pool() + "/")) {
                    found.add("/dev/" + device.getFileName());
                }
            }
        }
        return found;
    }

    private static boolean run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(TRY_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Deletes the cluster's directory; refused while something is mounted below it. */
    void deleteData() throws IOException {
        refuseWhileMounted();
        if (Files.isDirectory(layout.pool())) {
            run(
                    "chattr",
                    "-R",
                    "-f",
                    "-i",
                    layout.pool().toString()); // the content that a cut left behind is immutable
        }
        deleteTree(layout.directory());
    }

    /** Deletes a directory with all that is in it; what vanishes meanwhile is gone just as well. */
    private static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
                if (problem instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw problem;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException problem) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
