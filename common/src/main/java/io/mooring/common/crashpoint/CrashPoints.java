package io.mooring.common.crashpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Named points of a launch and of a stop, at which a test can stop a process, so that it kills that process or another
 * one exactly there. Only tests set the system property; without it nobody has an object of this type, and no code of it
 * runs.
 *
 * <p>The property names a directory. A file {@code before:S7@counter} in it arms the point {@code before:S7} for the task
 * or volume of that name. Whoever reaches it writes its process id into the file, renames it to
 * {@code before:S7@counter.reached}, and waits until that is deleted. So a point works once, and a process that was
 * started again does not stop there again.
 */
public final class CrashPoints {
    /** The system property with the directory. */
    public static final String PROPERTY = "mooring.crashpoints";

    private static final String REACHED = ".reached";
    private static final long LOOK_MILLIS = 5;
    /** A test that gave up must not leave a process that stands still for ever. */
    private static final long MOST_LOOKS = 120_000 / LOOK_MILLIS;

    private final Path directory;

    /** @param directory where the armed points are */
    public CrashPoints(Path directory) {
        this.directory = directory;
    }

    /** The points of this process; empty unless the property is set. */
    public static Optional<CrashPoints> ofThisProcess() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of).map(CrashPoints::new);
    }

    /**
     * Stops the calling thread here, for as long as the test wants, if the point is armed.
     *
     * @param point {@code before:} or {@code after:} and the step
     * @param subject what it is reached for: a volume, or a task, whose id begins with its app's name and a dot
     */
    public void reach(String point, String subject) {
        for (Path armed : armed(point)) {
            String name = armed.getFileName().toString().substring(point.length() + 1);
            if (subject.equals(name) || subject.startsWith(name + ".")) {
                stop(armed);
            }
        }
    }

    private List<Path> armed(String point) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(point + "@"))
                    .filter(file -> !file.getFileName().toString().endsWith(REACHED))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the directory of crash points, " + directory + ", cannot be read", e);
        }
    }

    private static void stop(Path armed) {
        Path reached = armed.resolveSibling(armed.getFileName() + REACHED);
        try {
            Files.writeString(armed, Long.toString(ProcessHandle.current().pid()), StandardCharsets.US_ASCII);
            Files.move(armed, reached, StandardCopyOption.ATOMIC_MOVE);
            for (long look = 0; look < MOST_LOOKS && Files.exists(reached); look++) {
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("the crash point " + armed + " cannot be reached", e);
        }
    }
}
