package io.mooring.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a cluster that was killed left behind: processes that carry its paths in their environment or command line,
 * mounts below its run directory, loop devices on files of its pool, sockets. Everything is recognised by the cluster's
 * own paths, so nothing of anybody else's is touched.
 */
final class Leftovers {
    private static final Path PROC = Path.of("/proc");
    private static final Path BLOCK = Path.of("/sys/block");
    private static final long TRY_SECONDS = 15;

    private final Layout layout;
    private final List<String> done = new ArrayList<>();

    Leftovers(Layout layout) {
        this.layout = layout;
    }

    /** Cleans up; returns what was done, in words. The data stay. */
    List<String> cleanUp() throws IOException {
        killProcesses();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(TRY_SECONDS);
        while (!unmountAll() && System.nanoTime() < until) {
            pause();
        }
        detachAll();
        deleteTree(layout.run());
        return List.copyOf(done);
    }

    /** Whether anything of the cluster is still there, each with a line that says what. */
    List<String> remaining() throws IOException {
        List<String> found = new ArrayList<>();
        processes().forEach(pid -> found.add("process " + pid));
        mounts().forEach(mount -> found.add("mount " + mount));
        loopDevices().forEach(device -> found.add("loop device " + device));
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
            String point = line.split(" ")[4].replace("\\040", " ");
            if (point.startsWith(layout.run() + "/") || point.startsWith(layout.directory() + "/")) {
                found.add(point);
            }
        }
        return found;
    }

    private void detachAll() throws IOException {
        for (String device : loopDevices()) {
            if (run("losetup", "-d", device)) {
                done.add("detached " + device);
            }
        }
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

    /** Deletes a directory with all that is in it. */
    static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        }
    }
}
