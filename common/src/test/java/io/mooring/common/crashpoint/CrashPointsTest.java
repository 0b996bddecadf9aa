package io.mooring.common.crashpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CrashPointsTest {
    @TempDir
    private Path directory;

    private CrashPoints points;

    @BeforeEach
    void open() {
        points = new CrashPoints(directory);
    }

    @Test
    void aProcessWithoutThePropertyHasNone() {
        assertThat(CrashPoints.ofThisProcess()).isEmpty();
    }

    @Test
    void stopsWhereItIsArmedUntilTheTestLetsItGo() throws Exception {
        Path armed = Files.createFile(directory.resolve("before:S7@counter"));
        Path reached = directory.resolve("before:S7@counter.reached");
        CompletableFuture<Void> passing = CompletableFuture.runAsync(() -> points.reach("before:S7", "counter.3-abc"));
        while (!Files.exists(reached)) {
            Thread.sleep(2);
        }
        assertThat(armed).doesNotExist();
        assertThat(reached).hasContent(Long.toString(ProcessHandle.current().pid()));
        assertThat(passing).isNotDone();
        Files.delete(reached);
        passing.get(10, TimeUnit.SECONDS);
    }

    @Test
    void worksOnce() throws IOException {
        Files.createFile(directory.resolve("before:S7@counter.reached"));
        passesAtOnce("before:S7", "counter");
    }

    @Test
    void doesNotStopElsewhereNorForOthers() throws IOException {
        Files.createFile(directory.resolve("before:S7@counter"));
        passesAtOnce("after:S7", "counter");
        passesAtOnce("before:S17", "counter");
        passesAtOnce("before:S7", "counters");
        passesAtOnce("before:S7", "other.1-counter");
        assertThat(directory.resolve("before:S7@counter")).exists();
    }

    private void passesAtOnce(String point, String subject) {
        assertThat(CompletableFuture.runAsync(() -> points.reach(point, subject)))
                .succeedsWithin(Duration.ofSeconds(5));
    }
}
