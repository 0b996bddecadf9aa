package io.mooring.plugin.app;

import io.mooring.common.crashpoint.CrashPoints;
import io.mooring.plugin.process.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Programs as ever, which a test can stop before each one that changes something: before a volume's file is attached, before
 * its file system is made, between the two halves of a Mount, attached and not mounted (S10), before it is unmounted, and
 * after the kernel was told to unmount and to detach, while nobody has looked whether it did (S15). There is one only where
 * tests ask for it.
 */
final class StoppedCommands implements Commands.Watch {
    private final CrashPoints points;

    StoppedCommands(CrashPoints points) {
        this.points = points;
    }

    @Override
    public void about(String program, List<String> arguments) {
        Path last = Path.of(arguments.isEmpty() ? "" : arguments.get(arguments.size() - 1));
        if (program.equals("mount") && arguments.contains("-t")) {
            reach("before:S10", last.getFileName());
        } else if (program.equals("umount")) {
            reach("before:umount", last.getFileName());
        } else if (program.startsWith("mkfs.")) {
            file(last).forEach(part -> reach("before:mkfs", part));
        } else if (program.equals("losetup") && arguments.contains("--find")) {
            last.forEach(part -> reach("before:attach", part));
        }
    }

    @Override
    public void done(String program, List<String> arguments) {
        if (program.equals("umount")) {
            reach("before:S15", Path.of(arguments.get(arguments.size() - 1)).getFileName());
        }
    }

    private void reach(String point, Path part) {
        points.reach(point, part.toString());
    }

    /** The file behind a loop device, below a directory that has the volume's name. */
    private static Path file(Path device) {
        try {
            Path link = Path.of("/sys/block").resolve(device.getFileName()).resolve("loop/backing_file");
            return Path.of(Files.readString(link).strip());
        } catch (IOException e) {
            return device; // detached meanwhile
        }
    }
}
