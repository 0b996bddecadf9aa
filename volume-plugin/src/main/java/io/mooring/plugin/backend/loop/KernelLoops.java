package io.mooring.plugin.backend.loop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel shows of its loop devices in sysfs, which costs no program. A path there is what the file was called when
 * it was attached, so the answer is only given where each of them leads to a file: then device and inode decide, as they do
 * for losetup.
 */
final class KernelLoops {
    private final Path block;

    /** @param block the directory of block devices, {@code /sys/block} */
    KernelLoops(Path block) {
        this.block = block;
    }

    /** All devices of a file; empty when sysfs does not tell for sure, and losetup has to be asked. */
    Optional<List<LoopDevice>> holding(Path file) {
        List<LoopDevice> found = new ArrayList<>();
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(block, "loop*")) {
            for (Path device : devices) {
                Path backing = device.resolve("loop/backing_file");
                if (!Files.exists(backing)) {
                    continue; // nothing is attached
                }
                String name = line(backing);
                Path path = Path.of(name);
                if (!path.isAbsolute() || !Files.exists(path)) {
                    return Optional.empty(); // deleted, or of another mount namespace
                }
                if (Files.isSameFile(path, file)) {
                    found.add(new LoopDevice(
                            "/dev/" + device.getFileName(),
                            line(device.resolve("dev")),
                            line(device.resolve("loop/autoclear")).equals("1"),
                            line(device.resolve("ro")).equals("1"),
                            name));
                }
            }
            return Optional.of(found);
        } catch (IOException e) {
            return Optional.empty(); // one is being attached or detached this moment
        }
    }

    private static String line(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8).stripTrailing();
    }
}
