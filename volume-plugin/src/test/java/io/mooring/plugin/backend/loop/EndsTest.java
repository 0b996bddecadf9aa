package io.mooring.plugin.backend.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.process.Commands;
import io.mooring.plugin.process.Programs;
import io.mooring.plugin.site.Requirements;
import io.mooring.plugin.site.Signatures;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndsTest {
    private static final long SIZE = 64 << 20;

    @TempDir
    private Path directory;

    @Test
    void areZeroInAHole() throws IOException {
        assertThat(Ends.areZero(image(SIZE))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 511, 4096, 1 << 20, (4 << 20) + 40, SIZE - (4 << 20), SIZE - 512, SIZE - 1})
    void areNotZeroWhereverOneByteIsNot(long position) throws IOException {
        assertThat(Ends.areZero(with(image(SIZE), position))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 512, 100_000, (8 << 20) + 512, SIZE + 1})
    void areLookedAtWhateverTheSizeIs(long size) throws IOException {
        Path image = image(size);
        assertThat(Ends.areZero(image)).isTrue();
        assertThat(Ends.areZero(with(image, size - 1))).isFalse();
    }

    /** What makes it unnecessary to ask blkid about a blank device. */
    @ParameterizedTest
    @EnumSource(Signatures.class)
    void areNotZeroWhereBlkidFindsSomething(Signatures signature) throws IOException, CommandException {
        Requirements.program("blkid", "util-linux");
        Path image = image(SIZE);
        assertThat(blkid(image)).as("a blank device").isEmpty();
        signature.plant(image);
        assertThat(blkid(image)).contains(signature.knownToBlkidAs());
        assertThat(Ends.areZero(image)).isFalse();
    }

    private static String blkid(Path image) throws CommandException {
        return new Commands(Programs.ofTheSystem())
                .run(Duration.ofMinutes(1), "blkid", "-p", "-o", "export", image.toString())
                .stdout();
    }

    private Path image(long size) throws IOException {
        Path image = Files.createTempFile(directory, "image", "");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(size);
        }
        return image;
    }

    private static Path with(Path image, long position) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.seek(position);
            file.write(1);
        }
        return image;
    }
}
