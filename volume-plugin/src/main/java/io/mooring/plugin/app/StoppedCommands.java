package io.mooring.plugin.app;

import io.mooring.common.crashpoint.CrashPoints;
import io.mooring.plugin.process.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Programs as ever, which a test can stop between the two halves of a Mount, attached and not mounted (S10), and of an
 * Unmount, unmounted and not detached (S15). There is one only where tests ask for it.
 */
final class StoppedCommands implements Commands.Watch {
    private final CrashPoints points;

    StoppedCommands(CrashPoints points) {
        this.points = points;
    }

    @Override
    public void about(String program, List<String> arguments) {
        if (program.equals("mount") && arguments.contains("-t")) {
            Path mountPoint = Path.of(arguments.get(arguments.size() - 1));
            points.reach("before:S10", mountPoint.getFileName().toString());
        } else if (program.equals("losetup") && arguments.contains("--detach")) {
            Path device = Path.of(arguments.get(arguments.size() - 1));
            for (Path part : file(device)) {
                points.reach("before:S15", part.toString());
            }
        }
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
