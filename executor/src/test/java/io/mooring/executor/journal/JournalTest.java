package io.mooring.executor.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.executor.engine.JournalPort;
import io.mooring.executor.mount.HighWater;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.mount.MountFacts;
import io.mooring.executor.mount.MountKind;
import io.mooring.executor.mount.VolumeStep;
import io.mooring.executor.testkit.ExecutorFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final MountFacts FACTS =
            new MountFacts("/v/data", "/v", MountKind.DEVICE, "7:3", "/dev/loop3", "ext4", "/", Optional.of("/pool/x"));

    @TempDir
    private Path directory;

    private Journal journal;
    private final ClaimedVolume volume = ExecutorFixture.volume("Data-1", 4, Optional.empty());

    @BeforeEach
    void open() throws IOException {
        journal = new Journal(directory.resolve("deep/journal"));
    }

    private JournalEntry intent() {
        return new JournalEntry(
                volume,
                new TaskId("task-1"),
                new MachineKey("m"),
                new BootId("b"),
                VolumeStep.INTENT,
                Optional.empty());
    }

    @Test
    void isReadByNobodyButItsOwner() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("deep/journal"))))
                .isEqualTo("rwx------");
    }

    @Test
    void bringsAnEntryBackAsItWasWritten() throws IOException {
        JournalPort.Held held = journal.open(intent());
        held.append(VolumeStep.GO, Optional.empty());
        held.append(VolumeStep.MOUNTED, Optional.of(FACTS));
        held.append(VolumeStep.UNMOUNTED, Optional.empty());
        held.letGo();
        JournalEntry entry = journal.take(volume.claim()).orElseThrow().entry();
        assertThat(entry).isEqualTo(intent().at(VolumeStep.UNMOUNTED, Optional.of(FACTS)));
    }

    @Test
    void knowsTheContainerFromBeforeItIsMade() throws IOException {
        JournalPort.Held held = journal.open(intent());
        held.append(VolumeStep.MOUNTED, Optional.of(FACTS));
        held.container("mooring-claim-1");
        assertThat(held.entry().container()).contains("mooring-claim-1");
        held.letGo();
        JournalEntry entry = journal.take(volume.claim()).orElseThrow().entry();
        assertThat(entry)
                .isEqualTo(intent().at(VolumeStep.MOUNTED, Optional.of(FACTS)).in("mooring-claim-1"));
    }

    @Test
    void remembersTheHighestEpochWhoeverNotesOneLater() throws IOException {
        assertThat(journal.highestEpoch()).isZero();
        journal.raiseEpoch(7);
        journal.raiseEpoch(12);
        journal.raiseEpoch(9);
        assertThat(journal.highestEpoch()).isEqualTo(12);
        assertThat(new Journal(directory.resolve("deep/journal")).highestEpoch())
                .isEqualTo(12);
        assertThat(directory.resolve("deep/journal/epochs").toFile().list()).containsExactly("12");
    }

    @Test
    void discardsAnEntryWhoseWriterDiedBeforeTheClaimWasOnDisk() throws IOException {
        Path half = directory.resolve("deep/journal/claims").resolve(volume.claim() + ".journal");
        for (String text : new String[] {"", "{\"task\":\"ta"}) {
            Files.writeString(half, text);
            assertThat(journal.take(volume.claim())).isEmpty();
            assertThat(half).doesNotExist();
        }
        journal.open(intent()).close();
    }

    @Test
    void ignoresALineThatACrashCutShort() throws IOException {
        JournalPort.Held held = journal.open(intent());
        held.append(VolumeStep.ATTACHING, Optional.empty());
        held.letGo();
        Path file = directory.resolve("deep/journal/claims/claim-Data-1-4.journal");
        Files.writeString(file, "{\"step\":\"MOUN", StandardOpenOption.APPEND);
        assertThat(journal.look(volume.claim()).orElseThrow().step()).isEqualTo(VolumeStep.ATTACHING);
    }

    @Test
    void givesAnEntryToOneHolderOnly() throws IOException {
        JournalPort.Held held = journal.open(intent());
        assertThat(journal.take(volume.claim())).isEmpty();
        assertThat(journal.look(volume.claim())).isPresent();
        held.letGo();
        assertThat(journal.take(volume.claim())).isPresent();
    }

    @Test
    void neverBeginsAClaimTwice() throws IOException {
        journal.open(intent()).letGo();
        assertThatThrownBy(() -> journal.open(intent()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("already");
    }

    @Test
    void leavesNothingOfAClosedEntry() throws IOException {
        journal.open(intent()).close();
        assertThat(journal.open()).isEmpty();
        assertThat(directory.resolve("deep/journal/claims")).isEmptyDirectory();
    }

    @Test
    void keepsTheHighestFenceOfAVolumeWhateverTheCaseOfItsName() throws IOException {
        assertThat(journal.highWater(volume.request().name())).isEqualTo(HighWater.NONE);
        journal.raise(volume);
        journal.raise(ExecutorFixture.volume("DATA-1", 2, Optional.empty()));
        assertThat(journal.highWater(volume.request().name())).isEqualTo(new HighWater(4, Optional.of(volume.claim())));
    }
}
