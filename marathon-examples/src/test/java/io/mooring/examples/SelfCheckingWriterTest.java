package io.mooring.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program that other tests trust to notice a second writer has to notice one. */
class SelfCheckingWriterTest {
    private static final int OK = 0;
    private static final int USAGE = 2;
    private static final int FOUL = 3;
    private static final int CUT = 4;

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("records");
    }

    @Test
    void goesOnWhereTheTaskBeforeItStopped() throws IOException, InterruptedException {
        assertThat(write(3, "task-a", 2)).isEqualTo(OK);
        assertThat(verdict()).isEqualTo("ok 2");
        assertThat(write(5, "task-b", 1)).isEqualTo(OK);
        assertThat(file).hasContent("3 task-a 1 .\n3 task-a 2 .\n5 task-b 1 .\n");
        assertThat(run("--verify", file.toString())).isEqualTo(OK);
        assertThat(verdict()).isEqualTo("ok 3");
    }

    @Test
    void takesOffARecordThatAPowerCutLeftHalf() throws IOException, InterruptedException {
        for (String half : List.of("4 task-a", "4 task-a 2 .", "\0\0\0\0")) {
            Files.writeString(file, "4 task-a 1 .\n" + half);
            assertThat(run("--verify", file.toString())).as(half).isEqualTo(OK);
            assertThat(write(5, "task-b", 1)).as(half).isEqualTo(OK);
            assertThat(file).hasContent("4 task-a 1 .\n5 task-b 1 .\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2 a 1 .\n1 b 1 .\n", // an older fence
                "2 a 1 .\n2 b 1 .\n", // two tasks under one fence
                "1 a 1 .\n2 a 2 .\n", // one task under two fences
                "1 a 1 .\n2 b 1 .\n3 a 1 .\n", // a task comes back
                "1 a 1 .\n1 a 3 .\n", // a record is gone
                "1 a 1 .\n1 a 1 .\n", // a record twice
                "1 a 2 .\n", // the first record is gone
                "1 a 1 .\n1 a\n1 a 2 .\n", // a half record in the middle
                "1 a 1 .\n\0\0\0\n1 a 2 .\n", // a hole
                "1 a 1 .1 b 1 .\n1 a 2 .\n" // two writers in one line
            })
    void callsAFileFoulThatMoreThanOneHasWritten(String content) throws IOException, InterruptedException {
        Files.writeString(file, content);
        assertThat(run("--verify", file.toString())).isEqualTo(FOUL);
        assertThat(verdict()).startsWith("foul line ");
        assertThat(write(9, "task-z", 1)).isEqualTo(FOUL);
        assertThat(file).hasContent(content);
    }

    @Test
    void doesNotWriteUnderAFenceThatIsNotAboveTheLastOne() throws IOException, InterruptedException {
        write(5, "task-a", 1);
        assertThat(write(5, "task-b", 1)).isEqualTo(FOUL);
        assertThat(write(4, "task-c", 1)).isEqualTo(FOUL);
        assertThat(verdict()).isEqualTo("foul fence 4 of task task-c is not above fence 5 of the file");
        assertThat(file).hasContent("5 task-a 1 .\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"APPENDED", "OVERWRITTEN", "TRUNCATED", "REMOVED"})
    void noticesWhateverAnotherOneDoesWhileItRuns(String deed) throws IOException, InterruptedException {
        Process writer = start(7, "task-a", 0);
        awaitSynced(3);
        switch (deed) {
            case "APPENDED" -> Files.writeString(file, "8 task-b 1 .\n", StandardOpenOption.APPEND);
            case "OVERWRITTEN" -> {
                // As long as before, so that only the end of the file tells.
                String forged = Files.readString(file).replace("task-a", "task-b");
                Files.writeString(file, forged);
            }
            case "TRUNCATED" -> Files.writeString(file, "");
            default -> Files.delete(file);
        }
        int code = end(writer);
        assertThat(verdict()).startsWith(deed.equals("REMOVED") ? "cut " : "foul ");
        assertThat(code).isEqualTo(deed.equals("REMOVED") ? CUT : FOUL);
    }

    @Test
    void twoAtOnceNeverBothSayOk() throws IOException, InterruptedException {
        Process first = start(1, "task-a", 0);
        awaitSynced(1);
        Process second = start(2, "task-b", 0, "other-verdict");
        Process sooner = (Process) CompletableFuture.anyOf(first.onExit(), second.onExit())
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        first.destroy();
        second.destroy();
        assertThat(sooner.exitValue()).isEqualTo(FOUL);
        end(first);
        end(second);
    }

    @Test
    void stopsWhenItIsToldToAndCountsWhatIsOnDisk() throws IOException, InterruptedException {
        Process writer = start(7, "task-a", 0);
        awaitSynced(3);
        writer.destroy();
        assertThat(end(writer)).isEqualTo(OK);
        int synced = Integer.parseInt(verdict().split(" ")[1]);
        assertThat(Files.readAllLines(file)).hasSize(synced);
    }

    @Test
    void saysWhatIsWrongWithItsArguments() throws IOException, InterruptedException {
        assertThat(run()).isEqualTo(USAGE);
        assertThat(run(file.toString(), "many")).isEqualTo(USAGE);
        assertThat(run(file.toString(), "1", "soon")).isEqualTo(USAGE);
        assertThat(run(file.toString(), "1")).as("without a fence").isEqualTo(USAGE);
        assertThat(file).doesNotExist();
    }

    private int write(long fence, String task, int records) throws IOException, InterruptedException {
        return end(start(fence, task, records));
    }

    private Process start(long fence, String task, int records, String... verdict) throws IOException {
        ProcessBuilder builder = program(file.toString(), Integer.toString(records), "0.01");
        builder.environment().put("WRITER_FENCE", Long.toString(fence));
        builder.environment().put("WRITER_TASK", task);
        for (String name : verdict) {
            builder.environment().put("WRITER_VERDICT", directory.resolve(name).toString());
        }
        // No pipe to a test that does not read it.
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private int run(String... arguments) throws IOException, InterruptedException {
        return end(program(arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    private ProcessBuilder program(String... arguments) {
        List<String> argv = new ArrayList<>(List.of(
                "/bin/sh", Path.of("self-checking-writer").toAbsolutePath().toString()));
        argv.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(argv).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MESOS_") || name.startsWith("MOORING_"));
        return builder;
    }

    private static int end(Process process) throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it does not end");
        }
        return process.exitValue();
    }

    private void awaitSynced(int records) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.exists(directory.resolve("verdict")) || synced() < records) {
            assertThat(System.nanoTime()).as(verdictOrNothing()).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private int synced() throws IOException {
        return Integer.parseInt(verdict().split(" ")[1]);
    }

    private String verdictOrNothing() throws IOException {
        return Files.exists(directory.resolve("verdict")) ? verdict() : "no verdict";
    }

    private String verdict() throws IOException {
        return Files.readString(directory.resolve("verdict")).strip();
    }
}
