package io.mooring.executor.mounttable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads {@code /proc} and {@code /sys}. A process or a device that goes away while it is looked at is no error: it is
 * gone.
 */
public final class Kernel {
    private final Path proc;
    private final Path sys;

    public Kernel() {
        this(Path.of("/proc"), Path.of("/sys"));
    }

    Kernel(Path proc, Path sys) {
        this.proc = proc;
        this.sys = sys;
    }

    /** The mounts that this process sees. */
    public MountInfo ownMounts() throws IOException {
        return MountInfo.parse(Files.readString(proc.resolve("self/mountinfo"), StandardCharsets.UTF_8));
    }

    /**
     * Processes in whose mount namespace an entry is that fits; at most one per namespace. Other users' processes are
     * seen by root only.
     */
    public List<Long> processesSeeing(Predicate<MountEntry> wanted) throws IOException {
        Set<String> seen = new HashSet<>();
        List<Long> found = new ArrayList<>();
        for (long pid : processes()) {
            Optional<String> namespace = namespace(pid, "mnt");
            if (namespace.isPresent() && seen.add(namespace.get())) {
                boolean sees = text(proc.resolve(pid + "/mountinfo"))
                        .map(MountInfo::parse)
                        .filter(mounts -> mounts.entries().stream().anyMatch(wanted))
                        .isPresent();
                if (sees) {
                    found.add(pid);
                }
            }
        }
        return found;
    }

    /** The mounts that a process sees; empty if it is gone, or is none of ours to look at. */
    public Optional<MountInfo> mountsOf(long pid) {
        return text(proc.resolve(pid + "/mountinfo")).map(MountInfo::parse);
    }

    /** Whether a path leads a process to the directory that it leads us to. */
    public boolean sameDirectory(long pid, Path path) throws IOException {
        Path theirs = proc.resolve(pid + "/root").resolve(path.toString().substring(1));
        return Files.isDirectory(theirs) && key(theirs).equals(key(path));
    }

    private static Object key(Path path) throws IOException {
        return Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();
    }

    /** The unix sockets of a process's network namespace, a line for each, as the kernel writes them. */
    public List<String> unixSockets(long pid) {
        return text(proc.resolve(pid + "/net/unix"))
                .map(table -> table.lines().skip(1).toList())
                .orElse(List.of());
    }

    /** Whether a process has any of these open, in the words of {@code /proc/PID/fd}. */
    public boolean holdsAny(long pid, Set<String> targets) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(proc.resolve(pid + "/fd"))) {
            for (Path descriptor : open) {
                if (target(descriptor).filter(targets::contains).isPresent()) {
                    return true;
                }
            }
            return false;
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            return false; // it is gone
        }
    }

    private static Optional<String> target(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException e) {
            return Optional.empty(); // closed meanwhile
        }
    }

    /** All processes that {@code /proc} shows. */
    public List<Long> processes() throws IOException {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path entry : entries) {
                pids.add(Long.valueOf(entry.getFileName().toString()));
            }
        }
        return pids;
    }

    /** What a process was started with, its arguments and its variables; nothing where it is none of ours to look at. */
    public List<String> startedWith(long pid) {
        List<String> words = new ArrayList<>();
        for (String file : List.of("cmdline", "environ")) {
            text(proc.resolve(pid + "/" + file)).ifPresent(content -> words.addAll(List.of(content.split("\0"))));
        }
        return words;
    }

    /** A namespace of a process, such as {@code pid:[4026532177]}; kind is a name in {@code /proc/PID/ns}. */
    public Optional<String> namespace(long pid, String kind) {
        try {
            return Optional.of(
                    Files.readSymbolicLink(proc.resolve(pid + "/ns/" + kind)).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The file behind a loop device, given its number; empty if it is no loop device or holds nothing. */
    public Optional<String> backingFile(String device) {
        return text(sys.resolve("dev/block/" + device + "/loop/backing_file")).map(String::strip);
    }

    /** The loop devices that hold a file: a volume is detached when none does (an unmount that answers 0 proves nothing). */
    public List<String> loopDevicesOf(String file) throws IOException {
        List<String> holders = new ArrayList<>();
        Path block = sys.resolve("block");
        if (!Files.isDirectory(block)) {
            return holders;
        }
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(block, "loop*")) {
            for (Path device : devices) {
                Optional<String> backing =
                        text(device.resolve("loop/backing_file")).map(String::strip);
                if (backing.isPresent()
                        && (backing.get().equals(file) || backing.get().equals(file + " (deleted)"))) {
                    holders.add("/dev/" + device.getFileName());
                }
            }
        }
        return holders;
    }

    /** The {@code major:minor} of a block device, given its name below {@code /dev}. */
    public Optional<String> deviceNumber(String name) {
        return text(sys.resolve("class/block/" + name + "/dev")).map(String::strip);
    }

    /** Devices stacked on a block device (device mapper, RAID); such a device is still in use. */
    public List<String> stackedOn(String device) throws IOException {
        List<String> names = new ArrayList<>();
        Path holders = sys.resolve("dev/block/" + device + "/holders");
        if (Files.isDirectory(holders)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(holders)) {
                entries.forEach(entry -> names.add(entry.getFileName().toString()));
            }
        }
        return names;
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
