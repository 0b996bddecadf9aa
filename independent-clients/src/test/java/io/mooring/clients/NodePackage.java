package io.mooring.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The npm package with its dependencies, as its lock file has them, beside our scripts. */
final class NodePackage {
    private static final Path SOURCE = Path.of("src/test/node");
    private static final Path TARGET = Path.of("target/node");

    private NodePackage() {}

    /** Gives the directory with everything in it; skips the test without node and npm, or fails it with CI=true. */
    static Path install() throws IOException, InterruptedException {
        need("node", "nodejs");
        need("npm", "npm");
        Files.createDirectories(TARGET);
        for (String file : List.of("package.json", "package-lock.json", "scheduler.js", "executor.js", "marathon.js")) {
            Files.copy(SOURCE.resolve(file), TARGET.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Path log = TARGET.resolve("npm.log");
        Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(TARGET.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!npm.waitFor(5, TimeUnit.MINUTES) || npm.exitValue() != 0) {
            npm.destroyForcibly();
            throw new IOException("npm ci failed: " + Files.readString(log));
        }
        return TARGET.toAbsolutePath();
    }

    private static void need(String program, String debianPackage) throws InterruptedException {
        String missing = "'" + program + "' is missing; install the Debian package " + debianPackage;
        try {
            Process version = new ProcessBuilder(program, "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (version.waitFor() == 0) {
                return;
            }
        } catch (IOException e) {
            missing += " (" + e.getMessage() + ")";
        }
        if ("true".equals(System.getenv("CI"))) {
            Assertions.fail(missing);
        }
        Assumptions.abort(missing);
    }
}
