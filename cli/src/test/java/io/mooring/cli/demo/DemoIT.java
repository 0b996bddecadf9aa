package io.mooring.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo as a person has it: a process that is left alone, stopped, or killed. */
class DemoIT {
    @TempDir
    private Path home;

    private List<Path> before;
    private DemoProcess demo;

    @BeforeEach
    void remembersWhatIsThere() throws IOException {
        before = DemoProcess.runDirectories();
    }

    @AfterEach
    void ends() {
        if (demo != null) {
            demo.destroy();
        }
    }

    @Test
    void isCleanedUpByTheNextOneThatTellsItsWholeStoryAndLeavesNothing() throws Exception {
        demo = DemoProcess.start(home);
        demo.awaitWords("is drained, as for maintenance");
        demo.signal("KILL");
        demo.end();
        assertThat(DemoProcess.leftBy(home, before))
                .as("what a killed demo leaves")
                .isNotEmpty();

        demo = DemoProcess.start(home);
        assertThat(demo.end()).as(demo.said()).isZero();

        assertThat(demo.said())
                .containsSubsequence(
                        "an earlier demo in " + home,
                        "was cleaned up",
                        "1. An app that writes to a volume is posted",
                        "is claimed for agent-",
                        "under fence 1; nothing touches it yet",
                        "has started and asked for the volume",
                        "the workload runs",
                        "2. Who owns the volume?",
                        "fence 1, agent agent-",
                        "3. The agent that runs it, agent-",
                        "is released by agent-",
                        "under fence 2; nothing touches it yet",
                        "4. The app is up again, on another agent, with the same data",
                        "it found ",
                        "5. The app is deleted; its volume stays",
                        "6. Its history: who held it, and what freed it",
                        "fence 2 on agent-",
                        "fence 1 on agent-",
                        "Everything that was started is stopped");
        assertThat(DemoProcess.leftBy(home, before)).isEmpty();
        try (var runs = Files.list(home.resolve(".mooring/demo"))) {
            assertThat(runs.filter(Files::isDirectory)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TERM | Volumes:                          | starting the cluster",
                "INT  | 2. Who owns the volume?           | 2. Who owns the volume?",
                "TERM | is released by agent-             | 3. The agent that runs it",
            })
    void saysWhereItWasStoppedAndLeavesNothing(String signal, String words, String step) throws Exception {
        demo = DemoProcess.start(home);
        demo.awaitWords(words);
        demo.signal(signal);

        assertThat(demo.end()).as(demo.said()).isEqualTo(1);

        assertThat(demo.said()).contains("The demo was stopped at: " + step, "logs: " + home);
        assertThat(Path.of(demo.said().replaceAll("(?s).*  logs: (\\S+).*", "$1")))
                .isDirectoryContaining("glob:**/scheduler.log");
        assertThat(DemoProcess.leftBy(home, before)).isEmpty();
    }

    @Test
    void tellsTheSameStoryWithoutRootOnDirectories() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "skipped: only root can become another user; without root every other test here is this one");
        demo = DemoProcess.startAs("nobody", home);

        assertThat(demo.end()).as(demo.said()).isZero();

        assertThat(demo.said())
                .containsSubsequence(
                        "vfs",
                        "is claimed for agent-",
                        "the workload runs",
                        "4. The app is up again, on another agent, with the same data",
                        "it found ",
                        "fence 2 on agent-",
                        "Everything that was started is stopped");
        assertThat(DemoProcess.leftBy(home, before)).isEmpty();
    }
}
