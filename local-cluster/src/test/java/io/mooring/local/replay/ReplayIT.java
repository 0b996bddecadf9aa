package io.mooring.local.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a real Mesos 1.11.0 answered, the local cluster has to answer. Another directory of recordings can be replayed
 * with {@code -Drecordings=DIR}. Those that differ are listed with the reason, and have to differ.
 */
class ReplayIT {
    static final Path OWN = Path.of("src/test/resources/recordings/mesos-1.11");

    @TempDir
    static Path bin;

    @TempDir
    static Path sharedDirectory;

    private static SharedStage shared;

    @TempDir
    Path directory;

    @BeforeAll
    static void writePrograms() throws IOException {
        Replayer.writePrograms(bin);
        shared = new SharedStage(sharedDirectory, bin);
    }

    @AfterAll
    static void closeShared() {
        shared.close();
    }

    static Stream<Recording> recordings() throws IOException {
        Path root = Optional.ofNullable(System.getProperty("recordings"))
                .map(Path::of)
                .orElse(OWN);
        List<Recording> all = new ArrayList<>();
        for (String part : List.of("scheduler", "executor", "operator")) {
            if (Files.isDirectory(root.resolve(part))) {
                try (Stream<Path> files = Files.list(root.resolve(part))) {
                    for (Path file : files.sorted().toList()) {
                        all.add(Recording.read(file));
                    }
                }
            }
        }
        return all.stream().filter(Recording::isForThisRun);
    }

    /**
     * A recording also fixes which allocation, one a second, an offer came with. Resources that are freed one after the
     * other just around that moment come in two offers instead of one, here as at the real master: a second run has to
     * agree then. What is really different is different twice.
     */
    @ParameterizedTest
    @MethodSource("recordings")
    void answersAsTheRealMesosDid(Recording recording) throws Exception {
        Optional<Differences.Difference> listed = Differences.read(OWN).of(recording.name());
        Set<String> ignored = listed.map(Differences.Difference::ignored).orElse(Set.of());
        if (listed.isPresent() && listed.get().kind() == Differences.Kind.DIFFERS) {
            assertThat(catchThrowable(() -> replay(recording, ignored, directory.resolve("differs"))))
                    .as("a difference that is listed")
                    .isInstanceOf(AssertionError.class);
            return;
        }
        try {
            replay(recording, ignored, directory.resolve("first"));
        } catch (AssertionError first) {
            try {
                replay(recording, ignored, directory.resolve("second"));
            } catch (AssertionError second) {
                second.addSuppressed(first);
                throw second;
            }
        }
    }

    /** Readers of the documentation are told of every one. */
    @Test
    void tellsTheDifferencesInTheReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        Differences.read(OWN).all().forEach((name, difference) -> assertThat(readme)
                .contains("| `" + name + "` | " + difference.reason() + " |"));
    }

    private static void replay(Recording recording, Set<String> ignored, Path directory) throws Exception {
        Files.createDirectories(directory);
        try (Replayer replayer = new Replayer(recording, new Matching(ignored), directory, bin, shared)) {
            replayer.run();
        }
    }
}
