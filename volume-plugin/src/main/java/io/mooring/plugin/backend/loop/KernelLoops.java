package io.mooring.plugin.backend.loop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the kernel shows of its loop devices in sysfs, which costs no program. A path there is what the file was called when
 * it was attached, so the answer is only given where each of them leads to a file: then device and inode decide, as they do
 * for losetup.
 */
final class KernelLoops {
    /** What a file that was emptied under its holder may be used for, so that one knows it: nothing. */
    static final Set<PosixFilePermission> EMPTIED = Set.of();

    private static final String LOOP = "loop";

    private final Path block;
    private final Path partitions;

    /**
     * @param block the directory of block devices, {@code /sys/block}
     * @param partitions the list of those that have a size, {@code /proc/partitions}
     */
    KernelLoops(Path block, Path partitions) {
        this.block = block;
        this.partitions = partitions;
    }

    /**
     * The devices of a file among those with these nodes; empty when sysfs does not tell for sure, and losetup has to be
     * asked.
     */
    Optional<List<LoopDevice>> holding(Path file, Predicate<String> nodes) {
        List<LoopDevice> found = new ArrayList<>();
        try {
            PosixFileAttributes wanted = Files.readAttributes(file, PosixFileAttributes.class);
            boolean emptied = wanted.size() == 0 || wanted.permissions().equals(EMPTIED);
            for (String device : candidates(emptied)) {
                Optional<String> name = nodes.test(node(device)) ? backing(device) : Optional.empty();
                if (name.isEmpty()) {
                    continue; // nothing is attached, or nobody wants to know
                }
                Path path = Path.of(name.get());
                if (!path.isAbsolute()) {
                    return Optional.empty();
                }
                if (attributes(path).fileKey().equals(wanted.fileKey())) {
                    found.add(device(device, name.get()));
                }
            }
            return Optional.of(found);
        } catch (IOException e) {
            // The name is deleted, or of another mount namespace, or one is being attached or detached this moment.
            return Optional.empty();
        }
    }

    /**
     * The devices that may hold a file. A host that once had many keeps their nodes for ever, so those without a size, which
     * hold nothing, are not looked at; but a file that was emptied is held by a device that has none, and a write that was on its
     * way then gives a size to the file again and not to the device.
     */
    private List<String> candidates(boolean emptied) throws IOException {
        if (!emptied) {
            return Files.readString(partitions, StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .filter(name -> name.startsWith(LOOP) && name.indexOf('p', LOOP.length()) < 0)
                    .toList();
        }
        String[] names = block.toFile().list((parent, name) -> name.startsWith(LOOP));
        if (names == null) {
            throw new NoSuchFileException(block.toString());
        }
        return Arrays.asList(names);
    }

    private Optional<String> backing(String device) throws IOException {
        try {
            return Optional.of(line(block.resolve(device).resolve("loop/backing_file")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The device with this node, if the kernel shows for sure that it holds the file. */
    Optional<LoopDevice> at(String node, Path file) {
        String device = Path.of(node).getFileName().toString();
        try {
            Optional<String> name = backing(device);
            return name.isPresent() && Files.isSameFile(Path.of(name.get()), file)
                    ? Optional.of(device(device, name.get()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private LoopDevice device(String device, String name) throws IOException {
        Path shown = block.resolve(device);
        return new LoopDevice(
                node(device),
                line(shown.resolve("dev")),
                line(shown.resolve("loop/autoclear")).equals("1"),
                line(shown.resolve("ro")).equals("1"),
                name);
    }

    private static String node(String device) {
        return "/dev/" + device;
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class);
    }

    private static String line(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8).stripTrailing();
    }
}
