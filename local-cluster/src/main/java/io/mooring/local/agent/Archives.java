package io.mooring.local.agent;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Extracts archives that it knows by their names; anything else is left as it is, as the original does. */
final class Archives {
    private static final List<String> TARS = List.of(".tar", ".tgz", ".tar.gz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz");
    private static final long MINUTES = 10;
    private static final int MOST_WORDS = 4096;

    private Archives() {}

    static void extract(Path archive, Path directory) throws IOException {
        String name = archive.getFileName().toString();
        if (TARS.stream().anyMatch(name::endsWith)) {
            run(
                    ProcessBuilder.Redirect.DISCARD,
                    "tar",
                    "--extract",
                    "--no-same-owner",
                    "--file",
                    archive.toString(),
                    "--directory",
                    directory.toString());
        } else if (name.endsWith(".zip")) {
            unzip(archive, directory);
        } else if (name.endsWith(".gz")) {
            File plain = directory
                    .resolve(name.substring(0, name.length() - ".gz".length()))
                    .toFile();
            run(ProcessBuilder.Redirect.to(plain), "gunzip", "--decompress", "--stdout", archive.toString());
        }
    }

    private static void run(ProcessBuilder.Redirect output, String... argv) throws IOException {
        Process process = new ProcessBuilder(argv)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output)
                .start();
        try {
            String words = new String(process.getErrorStream().readNBytes(MOST_WORDS), StandardCharsets.UTF_8);
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(argv[0] + " failed: " + words.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + argv[0] + " was at work", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** With the permissions that a zip of Unix carries. */
    private static void unzip(Path archive, Path directory) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("enablePosixFileAttributes", "true"))) {
            Path root = zip.getPath("/");
            List<Path> entries;
            try (Stream<Path> all = Files.walk(root)) {
                entries = all.toList();
            }
            for (Path entry : entries) {
                Path target =
                        directory.resolve(root.relativize(entry).toString()).normalize();
                if (!target.startsWith(directory)) {
                    throw new IOException("'" + entry + "' in " + archive.getFileName() + " leaves the sandbox");
                }
                if (Files.isDirectory(entry)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(entry, target, StandardCopyOption.REPLACE_EXISTING);
                    Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(entry));
                }
            }
        }
    }
}
