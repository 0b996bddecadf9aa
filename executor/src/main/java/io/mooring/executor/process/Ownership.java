package io.mooring.executor.process;

import io.mooring.common.volume.MountMode;
import io.mooring.executor.engine.Launch;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Gives the task's user what is the task's: its sandbox, and a volume that nobody owned before. */
final class Ownership {
    /** The sandbox and what was fetched into it. The executor runs as another user, so the agent gave it to that one. */
    void giveSandbox(Path sandbox, User user) throws IOException {
        Files.walkFileTree(sandbox, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                give(directory, user);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                give(file, user);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The root of a fresh volume, not what is in it; one that has an owner keeps it, also one whose owner the app names. */
    void giveFreshVolume(Launch.Mounted volume, User user) throws IOException {
        Path root = Path.of(volume.facts().root());
        Path path = Path.of(volume.facts().path());
        boolean given = volume.volume().request().root().uid().isPresent();
        if (user.root() || given || volume.volume().request().mode() == MountMode.READ_ONLY) {
            return;
        }
        boolean fresh = volume.freshness() == Launch.Freshness.NEW || empty(path);
        if (fresh && uid(root) == 0) {
            give(root, user);
        }
        if (fresh && uid(path) == 0) {
            give(path, user);
        }
    }

    /** The directories of a container path that lies in the sandbox. */
    void makeInSandbox(Place place, Optional<User> user) throws IOException {
        Path made = place.existing();
        for (Path part : place.existing().relativize(place.path())) {
            made = made.resolve(part);
            if (!Files.isDirectory(made, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(made);
                if (user.isPresent()) {
                    give(made, user.get());
                }
            }
        }
    }

    private static boolean empty(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (!entry.getFileName().toString().equals("lost+found")) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int uid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static void give(Path path, User user) throws IOException {
        Files.setAttribute(path, "unix:uid", user.uid(), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", user.gid(), LinkOption.NOFOLLOW_LINKS);
    }
}
