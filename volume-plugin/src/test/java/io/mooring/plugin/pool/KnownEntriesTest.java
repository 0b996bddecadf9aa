package io.mooring.plugin.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.volume.FormatPhase;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.HighWater;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one process lists while another one, with files opened on its own, changes the pool. */
class KnownEntriesTest {
    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private Pool other;
    private PoolLocks locks;
    private KnownEntries entries;

    @BeforeEach
    void open() throws IOException, VolumeException {
        other = Pool.open(directory, "vfs", new MachineKey("other"));
        locks = new PoolLocks(directory.resolve("locks"));
        entries = new KnownEntries(locks, new VolumeFiles(directory.resolve("volumes"), new RecordCodec()), nanos::get);
    }

    @AfterEach
    void close() throws IOException {
        locks.close();
        other.close();
    }

    @Test
    void showsEveryChangeOfAnotherProcessAtOnce() throws IOException, VolumeException {
        assertThat(entries.all()).isEmpty();
        for (int i = 0; i < 100; i++) {
            add("vol" + i);
        }
        assertThat(names()).hasSize(100).contains("vol0", "vol99");
        VolumeName name = new VolumeName("vol7");
        for (long fence = 1; fence < 20; fence++) {
            Ownership next = new Ownership.Free(new HighWater(fence, "claim"));
            other.locked(name, () -> {
                other.save(name, next);
                return next;
            });
            assertThat(ownership("vol7")).isEqualTo(next);
        }
        other.locked(name, () -> other.takeOut(name));
        assertThat(names()).hasSize(99).doesNotContain("vol7");
        add("vol7");
        assertThat(ownership("vol7").highWater()).isEqualTo(HighWater.NONE);
    }

    @Test
    void readsNothingAgainThatNobodyChanged() throws IOException, VolumeException {
        add("vol1");
        List<Entry> before = entries.all();
        writeByHand("vol1", 7);
        assertThat(entries.all()).isSameAs(before);
    }

    @Test
    void believesNothingForLongerThanTwoSeconds() throws IOException, VolumeException {
        add("vol1");
        entries.all();
        writeByHand("vol1", 7);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(ownership("vol1").highWater()).isEqualTo(new HighWater(7, "by-hand"));
    }

    @Test
    void believesNothingThatSomebodyMayBeChanging() throws IOException, VolumeException {
        add("vol1");
        entries.all();
        locks.changes().begin(locks.of("vol1")); // and dies
        for (long fence = 1; fence < 4; fence++) {
            writeByHand("vol1", fence);
            assertThat(ownership("vol1").highWater().fence()).isEqualTo(fence);
        }
        other.locked(new VolumeName("vol1"), () -> "the next one with the lock");
        List<Entry> settled = entries.all();
        assertThat(entries.all()).isSameAs(settled);
    }

    @Test
    void leavesOutAVolumeWithADamagedRecord() throws IOException, VolumeException {
        add("vol1");
        add("vol2");
        Files.writeString(other.directory(new VolumeName("vol1")).resolve("ownership.json"), "{");
        assertThat(names()).containsExactly("vol2");
    }

    private void add(String name) throws IOException, VolumeException {
        VolumeRecord volume = new VolumeRecord(
                new VolumeName(name),
                1L << 30,
                FsType.EXT4,
                FormatPhase.NEVER,
                0,
                "",
                "",
                Map.of(),
                Instant.parse("2026-01-02T03:04:05Z"));
        other.add(volume, present -> {}, draft -> {});
    }

    private void writeByHand(String name, long fence) throws IOException {
        Files.writeString(
                other.directory(new VolumeName(name)).resolve("ownership.json"),
                "{\"fence\":" + fence + ",\"claimId\":\"by-hand\"}");
    }

    private List<String> names() throws IOException {
        return entries.all().stream()
                .map(entry -> entry.volume().name().value())
                .toList();
    }

    private Ownership ownership(String name) throws IOException {
        return entries.all().stream()
                .filter(entry -> entry.volume().name().value().equals(name))
                .findFirst()
                .orElseThrow()
                .ownership();
    }
}
