package io.mooring.plugin.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.Fences;
import io.mooring.plugin.volume.FormatPhase;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.HighWater;
import io.mooring.plugin.volume.Holder;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.MountId;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.Standing;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolTest {
    private static final MachineKey HOST = new MachineKey("agent-1");
    private static final VolumeName NAME = new VolumeName("Vol1");
    private static final VolumeRecord VOLUME = new VolumeRecord(
            NAME,
            3L << 30,
            FsType.XFS,
            FormatPhase.BEGUN,
            150,
            "io1",
            "z1",
            Map.of("size", "3"),
            Instant.parse("2026-01-02T03:04:05.006Z"));

    @TempDir
    private Path directory;

    private Pool pool;

    @BeforeEach
    void open() throws IOException, VolumeException {
        pool = Pool.open(directory.resolve("pool"), "vfs", HOST);
    }

    @AfterEach
    void close() throws IOException {
        pool.close();
    }

    @Test
    void readsBackWhatItWrote() throws IOException, VolumeException {
        add(VOLUME);
        Ownership attached = new Ownership.Attached(
                new HighWater(7, "claim-a"),
                new Attachment(
                        new HostIdentity(HOST, new BootId("b1")),
                        new Holder.Claim("claim-a", 7),
                        Instant.parse("2026-01-02T03:04:05Z"),
                        "/dev/loop3",
                        List.of(new MountId("mooring:claim-a:7"), new MountId(""))));
        pool.save(NAME, attached);
        assertThat(pool.find(NAME)).contains(VOLUME);
        assertThat(pool.ownership(NAME)).isEqualTo(attached);
        pool.save(NAME, new Ownership.Free(new HighWater(7, "claim-a")));
        assertThat(pool.ownership(NAME)).isEqualTo(new Ownership.Free(new HighWater(7, "claim-a")));
    }

    @Test
    void readsBackReadersAndCuts() throws IOException, VolumeException {
        add(VOLUME);
        Attachment attachment = new Attachment(
                new HostIdentity(HOST, new BootId("b1")),
                new Holder.Claim("claim-a", 7),
                Instant.parse("2026-01-02T03:04:05Z"),
                "",
                List.of(new MountId("mooring:claim-a:7:ro")));
        Standing standing = new Standing(
                new HighWater(7, "claim-a"),
                new Fences(Map.of(
                        "agent-2",
                        new Fences.Fence(6, Optional.of(new BootId("b2")), attachment.since(), OptionalLong.of(3)),
                        "agent-3",
                        new Fences.Fence(5, Optional.empty(), attachment.since(), OptionalLong.empty()))),
                4,
                Standing.Check.DUE);
        for (Ownership ownership : List.of(
                new Ownership.Free(standing),
                new Ownership.Attached(standing, attachment),
                new Ownership.Cutting(standing, attachment),
                new Ownership.Shared(standing, List.of(attachment, attachment.on("/dev/loop4"))))) {
            pool.save(NAME, ownership);
            assertThat(pool.ownership(NAME)).isEqualTo(ownership);
        }
    }

    @Test
    void readsRecordsOfTheTimeBeforeCuts() throws IOException, VolumeException {
        add(VOLUME);
        Files.writeString(pool.directory(NAME).resolve("ownership.json"), "{\"fence\":7,\"claimId\":\"claim-a\"}");
        assertThat(pool.ownership(NAME)).isEqualTo(new Ownership.Free(new HighWater(7, "claim-a")));
    }

    @Test
    void aHostThatHasAVolumeNoMoreCannotRecordAnythingOfIt() throws IOException, VolumeException {
        add(VOLUME);
        assertThatThrownBy(() -> pool.save(VOLUME.formatted(FormatPhase.NEVER, FsType.XFS)))
                .hasMessageContaining("not attached to this host any more");
        assertThat(pool.find(NAME)).contains(VOLUME);
    }

    @Test
    void findsVolumeWhateverTheCaseOfItsName() throws IOException, VolumeException {
        add(VOLUME);
        assertThat(pool.find(new VolumeName("vOL1"))).contains(VOLUME);
        assertThat(pool.ownership(new VolumeName("VOL1"))).isEqualTo(new Ownership.Free(HighWater.NONE));
    }

    @Test
    void leavesNothingOfAVolumeThatCouldNotBeMade() throws IOException {
        assertThatThrownBy(() -> pool.add(VOLUME, present -> {}, draft -> {
                    Files.writeString(draft.resolve("half"), "x");
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(pool.volumes()).isEmpty();
        assertThat(children("work")).isEmpty();
    }

    @Test
    void keepsTheFirstOfTwoVolumesOfOneName() throws IOException, VolumeException {
        add(VOLUME);
        add(VOLUME.formatted(FormatPhase.DONE, FsType.EXT4));
        assertThat(pool.volumes()).containsExactly(VOLUME);
    }

    @Test
    void showsOtherVolumesWhenOneRecordIsDamaged() throws IOException, VolumeException {
        add(VOLUME);
        Path damaged = Files.createDirectory(pool.root().resolve("volumes/damaged"));
        Files.writeString(damaged.resolve("volume.json"), "{\"name\": \"damaged\"}");
        assertThat(pool.volumes()).containsExactly(VOLUME);
        assertThatThrownBy(() -> pool.find(new VolumeName("damaged"))).isInstanceOf(IOException.class);
    }

    @Test
    void knowsOfNoVolumeWhetherItIsThereOnceThePoolIsGone() throws IOException, VolumeException {
        add(VOLUME);
        Path away = directory.resolve("away");
        Files.move(pool.root(), away);
        assertThatThrownBy(() -> pool.find(NAME))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is gone");
        Files.createDirectories(pool.root().resolve("volumes")); // what a mount point has below its file system
        assertThatThrownBy(() -> pool.find(NAME)).hasMessageContaining("is another directory");
        assertThatThrownBy(pool::volumes).hasMessageContaining("is another directory");
        assertThatThrownBy(() -> pool.ownership(NAME)).hasMessageContaining("is another directory");
        FileTree.delete(pool.root());
        Files.move(away, pool.root());
        assertThat(pool.find(NAME)).contains(VOLUME);
    }

    @Test
    void recordsNoSizeThatIsNotAdmitted() throws IOException, VolumeException {
        add(VOLUME);
        assertThatThrownBy(() -> pool.admitted(
                        present -> {
                            assertThat(present).containsExactly(VOLUME);
                            throw new VolumeException("no room");
                        },
                        () -> pool.saveUnheld(VOLUME.grown(9), () -> {})))
                .hasMessage("no room");
        assertThat(pool.find(NAME)).contains(VOLUME);
        pool.admitted(present -> {}, () -> pool.saveUnheld(VOLUME.grown(9), () -> {}));
        assertThat(pool.find(NAME)).contains(VOLUME.grown(9));
    }

    @Test
    void clearsWhatADeadProcessOfThisHostLeftAndNothingElse() throws IOException, VolumeException {
        Path work = pool.root().resolve("work");
        Path ours = Files.createDirectory(work.resolve("agent-1." + UUID.randomUUID()));
        Path copy = Files.createFile(work.resolve("agent-1." + UUID.randomUUID() + ".copy"));
        Files.createSymbolicLink(ours.resolve("link"), directory);
        Path others = Files.createDirectory(work.resolve("agent-2." + UUID.randomUUID()));
        Path longer = Files.createDirectory(work.resolve("agent-1.rack-2." + UUID.randomUUID()));
        pool.close();
        open();
        assertThat(ours).doesNotExist();
        assertThat(copy).doesNotExist();
        assertThat(others).exists();
        assertThat(longer).exists();
        assertThat(directory).exists();
    }

    @Test
    void refusesPoolOfAnotherDriver() {
        assertThatThrownBy(() -> Pool.open(directory.resolve("pool"), "loop", new MachineKey("agent-2")))
                .hasMessageContaining("belongs to driver vfs");
    }

    /** As a cluster's plugins do that start together. */
    @Test
    void isMadeOnceWhenManyHostsFindNoneAtTheSameMoment() throws IOException {
        for (int round = 0; round < 10; round++) {
            Path made = directory.resolve("made" + round);
            List<CompletableFuture<Void>> hosts = IntStream.range(0, 8)
                    .mapToObj(host -> CompletableFuture.runAsync(() -> openAndClose(made, host)))
                    .toList();
            hosts.forEach(CompletableFuture::join);
            assertThat(made.resolve("driver")).hasContent("vfs");
            try (Stream<Path> children = Files.list(made)) {
                assertThat(children.map(Path::getFileName).map(Path::toString))
                        .filteredOn(name -> name.startsWith("driver"))
                        .containsExactly("driver");
            }
        }
    }

    private static void openAndClose(Path made, int host) {
        try (Pool opened = Pool.open(made, "vfs", new MachineKey("agent-" + host))) {
            assertThat(opened.volumes()).isEmpty();
        } catch (IOException | VolumeException e) {
            throw new IllegalStateException(e);
        }
    }

    private void add(VolumeRecord volume) throws IOException, VolumeException {
        pool.add(volume, present -> {}, draft -> Files.createDirectory(draft.resolve("content")));
    }

    private List<Path> children(String name) throws IOException {
        try (Stream<Path> children = Files.list(pool.root().resolve(name))) {
            return children.toList();
        }
    }
}
