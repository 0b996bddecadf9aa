package io.mooring.executor.docker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which containers of this machine have no claim, and so no entry in the journal: a file for each, beside the journal, locked as
 * long as its executor lives. It is there before the container is.
 */
final class ContainerMarks {
    private final Path directory;

    /** @param directory is made when the first container is */
    ContainerMarks(Path directory) {
        this.directory = directory;
    }

    /** A container's mark, whose lock this process has. */
    record Mark(String name, Path file, FileChannel locked) {
        /** The engine has no such container any more. */
        void clear() throws IOException {
            Files.deleteIfExists(file);
            locked.close();
        }

        /** Somebody else shall try. */
        void letGo() throws IOException {
            locked.close();
        }
    }

    /** Marks a container that is about to be made. */
    Mark set(String name) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return take(name).orElseThrow(() -> new IOException("container " + name + " is another executor's"));
    }

    /** The marks of executors that are dead. To be asked before this process sets one of its own. */
    List<Mark> left() throws IOException {
        List<Mark> left = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    take(file.getFileName().toString()).ifPresent(left::add);
                }
            }
        }
        return left;
    }

    private Optional<Mark> take(String name) throws IOException {
        Path file = directory.resolve(name);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return Optional.of(new Mark(name, file, channel));
            }
        } catch (OverlappingFileLockException e) {
            // a part of this very process has it
        }
        channel.close();
        return Optional.empty();
    }
}
