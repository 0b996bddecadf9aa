package io.mooring.plugin.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordFileTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(RecordFile.Until.class)
    void givesBackWhatWasWrittenLast(RecordFile.Until until) throws IOException {
        Path file = created("first");
        for (String content : new String[] {"second", "a", "", "the fifth"}) {
            RecordFile.write(file, bytes(content), until);
            assertThat(read(file)).isEqualTo(content);
        }
        assertThat(Files.size(file)).isEqualTo(8192);
    }

    @Test
    void givesTheVersionBeforeOneThatACrashTore() throws IOException {
        Path file = created("first");
        RecordFile.write(file, bytes("second"), RecordFile.Until.ON_DISK);
        RecordFile.write(file, bytes("third"), RecordFile.Until.ON_DISK);
        byte[] whole = Files.readAllBytes(file);
        String text = new String(whole, StandardCharsets.US_ASCII);
        for (int torn = text.indexOf("mooring-record"); torn < text.indexOf("third") + 5; torn++) {
            write(file, torn, (byte) '#');
            assertThat(read(file)).as("torn at %s", torn).isEqualTo("second");
            write(file, torn, whole[torn]);
        }
        RecordFile.write(file, bytes("fourth"), RecordFile.Until.ON_DISK);
        assertThat(read(file)).isEqualTo("fourth");
    }

    @Test
    void writesOverWhatACrashToreAndNotOverWhatIsWhole() throws IOException {
        Path file = created("first");
        RecordFile.write(file, bytes("second"), RecordFile.Until.ON_DISK);
        write(file, 4096, (byte) '#');
        RecordFile.write(file, bytes("third"), RecordFile.Until.SEEN);
        assertThat(read(file)).isEqualTo("third");
        write(file, 4096, (byte) '#');
        assertThat(read(file)).isEqualTo("first");
    }

    @Test
    void tellsWhenNothingIsWhole() throws IOException {
        Path file = created("first");
        write(file, 20, (byte) '#');
        assertThatThrownBy(() -> RecordFile.read(file)).hasMessageContaining("neither version is whole");
    }

    @Test
    void growsWithItsContent() throws IOException {
        Path file = created("first");
        String large = "x".repeat(100_000);
        RecordFile.write(file, bytes(large), RecordFile.Until.ON_DISK);
        assertThat(read(file)).isEqualTo(large);
        RecordFile.write(file, bytes("small"), RecordFile.Until.ON_DISK);
        assertThat(read(file)).isEqualTo("small");
    }

    @Test
    void takesWhatSomebodyWroteByHand() throws IOException {
        Path file = Files.writeString(directory.resolve("record"), "{\"by\": \"hand\"}");
        assertThat(read(file)).isEqualTo("{\"by\": \"hand\"}");
        RecordFile.write(file, bytes("second"), RecordFile.Until.SEEN);
        assertThat(read(file)).isEqualTo("second");
    }

    @Test
    void readersNeedNoLock() throws IOException {
        Path file = created("0");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            long last = 0;
            while (!done.get()) {
                long number = Long.parseLong(read(file).strip());
                assertThat(number).isGreaterThanOrEqualTo(last - 1);
                last = Math.max(last, number);
            }
        });
        for (int i = 1; i < 20_000; i++) {
            RecordFile.write(file, bytes(i + " ".repeat(i % 500)), RecordFile.Until.SEEN);
        }
        done.set(true);
        assertThat(reader).succeedsWithin(java.time.Duration.ofSeconds(60));
    }

    private Path created(String content) throws IOException {
        Path file = directory.resolve("record");
        RecordFile.create(file, bytes(content));
        return file;
    }

    private static byte[] bytes(String content) {
        return content.getBytes(StandardCharsets.US_ASCII);
    }

    private static String read(Path file) {
        try {
            return new String(RecordFile.read(file), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Path file, long position, byte value) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(position);
            raw.write(value);
        }
    }
}
