package io.mooring.plugin.app;

import io.mooring.common.crashpoint.CrashPoints;
import io.mooring.plugin.process.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Programs as ever, which a test can stop before and after each one that changes something: a volume's file is attached,
 * its file system is made, it is mounted (S10, between the two halves of a Mount), it is unmounted and detached (S15, while
 * nobody has looked whether the kernel did it). After a program is before what it did is on record. There is one only where
 * tests ask for it.
 */
final class StoppedCommands implements Commands.Watch {
    private final CrashPoints points;

    StoppedCommands(CrashPoints points) {
        this.points = points;
    }

    @Override
    public void about(String program, List<String> arguments) {
        Path last = last(arguments);
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
        Path last = last(arguments);
        if (program.equals("mount") && arguments.contains("-t")) {
            reach("after:kernel-mount", last.getFileName()); // S10 is over when the executor has heard of it
        } else if (program.equals("umount")) {
            reach("before:S15", last.getFileName());
        } else if (program.startsWith("mkfs.")) {
            file(last).forEach(part -> reach("after:mkfs", part));
        } else if (program.equals("losetup") && arguments.contains("--find")) {
            last.forEach(part -> reach("after:attach", part));
        }
    }

    private static Path last(List<String> arguments) {
        return Path.of(arguments.isEmpty() ? "" : arguments.get(arguments.size() - 1));
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
