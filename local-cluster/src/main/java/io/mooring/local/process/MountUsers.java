package io.mooring.local.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds out which processes keep a mount busy, for the person who has to end them. */
final class MountUsers {
    private static final Path PROC = Path.of("/proc");

    private MountUsers() {}

    /** Each process with a working directory or an open file below the mount, as {@code 4711 (bash)}. */
    static List<String> of(String mount) throws IOException {
        List<String> users = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (uses(process, Path.of(mount))) {
                    users.add(process.getFileName() + " (" + name(process) + ")");
                }
            }
        }
        return users;
    }

    private static boolean uses(Path process, Path mount) {
        if (leadsTo(process.resolve("cwd"), mount) || leadsTo(process.resolve("root"), mount)) {
            return true;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (leadsTo(file, mount)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return false; // it ended, or it is not ours to look at
        }
        return false;
    }

    private static boolean leadsTo(Path link, Path mount) {
        try {
            return Files.readSymbolicLink(link).startsWith(mount);
        } catch (IOException e) {
            return false; // it ended, or it is not ours to look at
        }
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException e) {
            return "ended meanwhile";
        }
    }
}
