package io.mooring.plugin.backend.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmallSectorsTest {
    @TempDir
    Path directory;

    private Path file(ByteBuffer start) throws IOException {
        byte[] bytes = new byte[start.capacity()];
        start.get(0, bytes);
        return Files.write(directory.resolve("image"), bytes);
    }

    @ParameterizedTest
    @CsvSource({"512, 512", "1024, 1024", "4096, ", "0, ", "700, "})
    void readsTheSectorsOfXfs(int written, Integer sectors) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(4096);
        start.put("XFSB".getBytes(StandardCharsets.US_ASCII)).putShort(102, (short) written);
        assertThat(SmallSectors.in(file(start)).stream().boxed().findFirst().orElse(null))
                .isEqualTo(sectors);
    }

    @ParameterizedTest
    @CsvSource({"0, 1024", "1, 2048", "2, ", "-1, "})
    void readsTheBlocksOfExt4(int written, Integer sectors) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        start.putShort(1024 + 56, (short) 0xEF53).putInt(1024 + 24, written);
        assertThat(SmallSectors.in(file(start)).stream().boxed().findFirst().orElse(null))
                .isEqualTo(sectors);
    }

    @Test
    void knowsNothingOfWhatIsBlankOrShort() throws IOException {
        assertThat(SmallSectors.in(file(ByteBuffer.allocate(4096)))).isEmpty();
        assertThat(SmallSectors.in(file(ByteBuffer.allocate(7)))).isEmpty();
    }
}
