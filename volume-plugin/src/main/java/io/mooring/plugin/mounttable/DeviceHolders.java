package io.mooring.plugin.mounttable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds who keeps a block device or a mount busy, for the answer of an unmount that could not be finished. A mount
 * namespace that was made while the volume was mounted keeps its own copy of the mount, which no umount of ours reaches:
 * only the mount tables of other processes show it.
 */
public final class DeviceHolders {
    private static final int SHOWN = 5;

    private final Path proc;

    /** Over a proc file system, in production {@code /proc}. */
    public DeviceHolders(Path proc) {
        this.proc = proc;
    }

    /** One line that names the holders found, or says that none was found. */
    public String describe(String node, String number, Path mountPoint) {
        List<String> found = new ArrayList<>();
        Set<String> namespaces = new TreeSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                if (found.size() >= SHOWN) {
                    break;
                }
                mountOf(process, node, number, namespaces).ifPresent(found::add);
                openIn(process, node, mountPoint).ifPresent(found::add);
            }
        } catch (IOException e) {
            found.add("unknown, " + proc + " cannot be read: " + e.getMessage());
        }
        return found.isEmpty() ? "no process found that holds it" : "held by " + String.join(", ", found);
    }

    /**
     * Whether any mount namespace has the device at another place than this one. A namespace that was copied from the
     * host's own shows it at the same place, and uses nothing.
     */
    public boolean mountedElsewhere(String node, Path mountPoint) throws IOException {
        Set<String> namespaces = new TreeSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                if (hasElsewhere(process, node, mountPoint, namespaces)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean hasElsewhere(Path process, String node, Path mountPoint, Set<String> namespaces) {
        try {
            String namespace = Files.readSymbolicLink(process.resolve("ns/mnt")).toString();
            return namespaces.add(namespace)
                    && MountTable.read(process.resolve("mountinfo")).entries().stream()
                            .anyMatch(entry -> entry.source().equals(node)
                                    && !entry.mountPoint().equals(mountPoint.toString()));
        } catch (IOException e) {
            return false; // the process has ended meanwhile
        }
    }

    /** Each mount namespace is named once, by the first process found in it. */
    private static Optional<String> mountOf(Path process, String node, String number, Set<String> namespaces) {
        try {
            String namespace = Files.readSymbolicLink(process.resolve("ns/mnt")).toString();
            if (!namespaces.add(namespace)) {
                return Optional.empty();
            }
            List<MountEntry> mounts =
                    MountTable.read(process.resolve("mountinfo")).ofDevice(node, number);
            return mounts.isEmpty()
                    ? Optional.empty()
                    : Optional.of(name(process) + " has it mounted at "
                            + mounts.get(0).mountPoint());
        } catch (IOException e) {
            return Optional.empty(); // the process has ended meanwhile
        }
    }

    private static Optional<String> openIn(Path process, String node, Path mountPoint) {
        for (String link : List.of("cwd", "root")) {
            if (pointsInto(process.resolve(link), node, mountPoint)) {
                return Optional.of(name(process) + " has its " + link + " there");
            }
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (pointsInto(file, node, mountPoint)) {
                    return Optional.of(name(process) + " has it open");
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean pointsInto(Path link, String node, Path mountPoint) {
        try {
            Path target = Files.readSymbolicLink(link);
            return target.startsWith(mountPoint) || target.toString().equals(node);
        } catch (IOException e) {
            return false;
        }
    }

    private static String name(Path process) {
        try {
            return "pid " + process.getFileName() + " ("
                    + Files.readString(process.resolve("comm")).strip() + ")";
        } catch (IOException e) {
            return "pid " + process.getFileName();
        }
    }
}
