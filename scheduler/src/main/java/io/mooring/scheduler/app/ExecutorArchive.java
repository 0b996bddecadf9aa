package io.mooring.scheduler.app;

import io.mooring.scheduler.app.SchedulerConfiguration.ExecutorRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executor as one file that agents fetch: programs and libraries of this installation, a class archive that halves
 * its start, and where asked for the Java that runs it. Made anew at each start of a scheduler, so that it always is of the
 * scheduler's version.
 *
 * @param file the archive
 * @param name what it is fetched as; its content's digest is in it, so that no cache mistakes it for another
 */
record ExecutorArchive(Path file, String name) {
    /** The folder in the archive. */
    static final String ROOT = "mooring-executor";

    /** What the executor was seen to need; the first start, which is part of the making, shows whether it is enough. */
    private static final String MODULES = "java.base,java.logging,java.naming,java.security.jgss,jdk.crypto.ec,"
            + "jdk.httpserver,jdk.net,jdk.unsupported";

    private static final Logger LOG = LoggerFactory.getLogger(ExecutorArchive.class);
    private static final Duration LONGEST = Duration.ofMinutes(3);
    /** A class archive fits libraries of the very same age only, so that all of them have one. */
    private static final FileTime AGE = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    /**
     * Makes the archive.
     *
     * @param home the executor's folder of this installation, with {@code bin} and {@code lib}
     * @param work an empty folder for it; what is in it is needed as long as the archive is
     * @throws IOException if it cannot be made; the message says what is missing
     */
    static ExecutorArchive make(Path home, ExecutorRuntime runtime, Path work) throws IOException {
        if (!Files.isExecutable(home.resolve("bin/mooring-executor"))) {
            throw new IOException("executor.delivery is 'served', and there is no executor at " + home
                    + "; executor.home has to name the folder 'executor' of an installation");
        }
        long start = System.nanoTime();
        Path root = work.resolve(ROOT);
        copy(home.resolve("bin"), root.resolve("bin"));
        copy(home.resolve("lib"), root.resolve("lib"));
        Files.deleteIfExists(root.resolve("lib/mooring-executor.jsa"));
        if (runtime == ExecutorRuntime.BUNDLED) {
            addRuntime(root.resolve("runtime"));
        }
        age(root.resolve("lib"));
        Program.run(
                List.of(root.resolve("bin/mooring-executor").toString()),
                Map.of(
                        "MOORING_EXECUTOR_ARCHIVE",
                        "lib/mooring-executor.jsa",
                        "JAVA_HOME",
                        System.getProperty("java.home")),
                LONGEST);
        Path file = work.resolve(ROOT + ".tar.gz");
        Program.run(
                List.of(
                        "tar",
                        "--create",
                        "--gzip",
                        "--file=" + file,
                        "--sort=name",
                        "--mtime=@" + AGE.toInstant().getEpochSecond(),
                        "--owner=0",
                        "--group=0",
                        "--numeric-owner",
                        "--directory=" + work,
                        ROOT),
                Map.of(),
                LONGEST);
        String name = ROOT + "-" + digest(file).substring(0, 16) + ".tar.gz";
        LOG.info(
                "agents fetch the executor as {}: {} MiB, {} Java; made in {} ms",
                name,
                Files.size(file) >> 20,
                runtime == ExecutorRuntime.BUNDLED ? "with its own" : "with the agents'",
                (System.nanoTime() - start) / 1_000_000);
        return new ExecutorArchive(file, name);
    }

    private static void addRuntime(Path into) throws IOException {
        Path java = Path.of(System.getProperty("java.home"));
        Path jlink = java.resolve("bin/jlink");
        if (!Files.isExecutable(jlink) || !Files.isDirectory(java.resolve("jmods"))) {
            throw new IOException(
                    "executor.runtime is 'bundled', which needs a whole JDK here, with jlink and jmods (Debian"
                            + " package openjdk-17-jdk-headless), and " + java
                            + " has none; or set executor.runtime to 'agent', and install Java on the agents");
        }
        Program.run(
                List.of(
                        jlink.toString(),
                        "--add-modules",
                        MODULES,
                        "--output",
                        into.toString(),
                        "--strip-java-debug-attributes",
                        "--no-header-files",
                        "--no-man-pages",
                        "--vm",
                        "server"),
                Map.of(),
                LONGEST);
        Program.run(List.of(into.resolve("bin/java").toString(), "-Xshare:dump"), Map.of(), LONGEST);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(
                        file,
                        to.resolve(file.getFileName().toString()),
                        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void age(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, AGE);
            }
        }
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
