package io.mooring.plugin.backend.loop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the reads and the writes per second of a device by the throttle of the block controller, where the kernel has it
 * (cgroup v1). The limit is the root group's: it holds for every process that was not put into a block group of its own,
 * and for all that is written back, which the kernel does on behalf of the root group.
 */
final class IopsLimit {
    /** Where Debian mounts the controller. */
    static final Path USUAL = Path.of("/sys/fs/cgroup/blkio");

    private static final Logger LOG = LoggerFactory.getLogger(IopsLimit.class);

    private final List<Path> files;

    IopsLimit(Path controller) {
        this.files = List.of(
                controller.resolve("blkio.throttle.read_iops_device"),
                controller.resolve("blkio.throttle.write_iops_device"));
    }

    /** Why no limit can be set on this host; empty when one can. */
    Optional<String> unable() {
        return files.stream().allMatch(Files::isWritable)
                ? Optional.empty()
                : Optional.of("this host has no cgroup v1 block controller with throttling, "
                        + files.get(0).getParent());
    }

    /** Sets the limit, or takes away what a former volume left on the device; 0 for none. */
    void set(LoopDevice device, int iops) {
        if (unable().isPresent()) {
            return;
        }
        for (Path file : files) {
            try {
                if (present(file, device.number()) != iops) {
                    write(file, device.number() + " " + iops);
                }
            } catch (IOException e) {
                LOG.atWarn()
                        .addKeyValue("device", device.node())
                        .addKeyValue("iops", iops)
                        .setCause(e)
                        .log("Could not limit the IOPS of a device");
            }
        }
    }

    private static int present(Path file, String number) throws IOException {
        for (String line : Files.readAllLines(file)) {
            String[] words = line.strip().split("\\s+");
            if (words.length == 2 && words[0].equals(number)) {
                return Integer.parseUnsignedInt(words[1]);
            }
        }
        return 0;
    }

    /** In one write, as the kernel wants it. */
    private static void write(Path file, String line) throws IOException {
        Files.write(file, line.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
    }
}
