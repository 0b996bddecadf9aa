package io.mooring.executor.dvdcli;

import io.mooring.common.command.ClaimAnswer;
import io.mooring.common.command.ClaimOrder;
import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.ClaimToActivate;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.MountedVolume;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.MalformedMessageException;
import io.mooring.common.command.MessageCodec;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.executor.claims.ClaimService;
import io.mooring.executor.claims.Evidence;
import io.mooring.executor.engine.JournalPort;
import io.mooring.executor.engine.Machine;
import io.mooring.executor.mount.HighWater;
import io.mooring.executor.mount.ReleaseFacts;
import io.mooring.executor.run.Tenure.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The claims of volumes that {@code dvdcli} mounts. Who calls it passes no name of a container, so a claim is named by machine
 * and volume: mounting again is the same claim. What is held is noted beside the journal, so that an unmount finds it even
 * while Mooring is away.
 */
public final class ClaimedMounts {
    private static final FrameworkId FRAMEWORK = new FrameworkId("dvdcli");
    private static final int LONGEST_TASK = 200;

    private final ClaimService service;
    private final JournalPort journal;
    private final Machine machine;
    private final Path notes;
    private final Evidence evidence;
    private final MessageCodec codec = new MessageCodec();

    /**
     * Holds nothing yet.
     *
     * @param directory the journal's
     */
    public ClaimedMounts(ClaimService service, JournalPort journal, Machine machine, Path directory) {
        this.service = service;
        this.journal = journal;
        this.machine = machine;
        this.notes = directory.resolve("dvdcli");
        this.evidence = new Evidence(directory);
    }

    /** What came of a claim. */
    sealed interface Claimed {
        /** The volume may be mounted. */
        record Held(ClaimedVolume volume) implements Claimed {}

        /** It may not. */
        record Refused(String why) implements Claimed {}
    }

    /** Claims and activates; nothing on this machine is touched before. */
    Claimed claim(DriverName driver, String name, Map<String, String> options, CreatePolicy create) {
        try {
            VolumeName volume = new VolumeName(name);
            evidence.deliver(service);
            HighWater mark = journal.highWater(volume);
            Reply reserved = service.reserve(order(driver, volume, options, create, mark));
            if (!(reserved instanceof Reply.Done granted)) {
                return new Claimed.Refused(why(reserved));
            }
            ClaimedVolume claimed = granted.answer().volumes().get(0);
            Reply active = service.activate(id(volume), activation(volume, claimed, mark));
            if (!(active instanceof Reply.Done)) {
                return new Claimed.Refused(why(active));
            }
            journal.raise(claimed);
            note(volume, granted.answer());
            return new Claimed.Held(claimed);
        } catch (IOException | IllegalArgumentException e) {
            return new Claimed.Refused(e.getMessage());
        }
    }

    private static String why(Reply reply) {
        if (reply instanceof Reply.Refused refused) {
            return "Mooring does not grant the volume: " + refused.reason();
        }
        return "Mooring was not reached, and nothing was touched: "
                + (reply instanceof Reply.NotKnown unknown ? unknown.reason() : ((Reply.Unknown) reply).reason());
    }

    private ClaimOrder order(
            DriverName driver, VolumeName volume, Map<String, String> options, CreatePolicy create, HighWater mark)
            throws IOException {
        VolumeRequest request = new VolumeRequest(
                driver, volume, options, Optional.empty(), MountMode.READ_WRITE, AccessMode.SINGLE_WRITER, create);
        return new ClaimOrder(
                id(volume),
                FRAMEWORK,
                task(volume),
                Optional.empty(),
                machine.key(),
                machine.boot(),
                ClaimOrder.Contact.MACHINE,
                List.of(request),
                Map.of(volume, mark.fence()),
                journal.highestEpoch());
    }

    private ActivationRequest activation(VolumeName volume, ClaimedVolume claimed, HighWater mark) throws IOException {
        return new ActivationRequest(
                task(volume),
                machine.key(),
                machine.boot(),
                List.of(new ClaimToActivate(claimed.claim(), volume, claimed.fence(), mark.fence(), mark.claim())),
                journal.highestEpoch());
    }

    private TaskId task(VolumeName volume) {
        String named = "dvdcli." + machine.key() + "." + volume.key();
        return new TaskId(
                named.length() <= LONGEST_TASK ? named : "dvdcli." + hash(machine.key() + "/" + volume.key()));
    }

    private ClaimId id(VolumeName volume) {
        return new ClaimId("dvdcli." + hash(machine.key() + "/" + volume.key()).substring(0, 40));
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }

    private void note(VolumeName volume, ClaimAnswer answer) throws IOException {
        Files.createDirectories(notes);
        Path temporary = notes.resolve("." + volume.key());
        Files.write(temporary, codec.encode(answer));
        Files.move(
                temporary,
                notes.resolve(volume.key()),
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    /** What this machine holds of the volume, as far as it knows; empty if it was mounted without a claim. */
    Optional<ClaimedVolume> held(String name) {
        try {
            Path note = notes.resolve(new VolumeName(name).key());
            return Files.exists(note)
                    ? codec.decodeClaimAnswer(Files.readAllBytes(note)).volumes().stream()
                            .findFirst()
                    : Optional.empty();
        } catch (IOException | MalformedMessageException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The volume is mounted there. That this is not told does no harm: the claim holds as it is. */
    void mounted(ClaimedVolume volume, String path) {
        service.heartbeat(
                id(volume.request().name()),
                Optional.of(new MountReport(List.of(new MountedVolume(
                        volume.claim(), volume.fence(), Optional.empty(), path, Optional.empty(), false)))));
    }

    /** Nothing was mounted under the claim, and for sure nothing will be. */
    Optional<String> neverMounted(ClaimedVolume volume) {
        return release(
                new ReleasedVolume(
                        volume.claim(), volume.fence(), true, false, false, false, false, true, Optional.empty()),
                volume);
    }

    /**
     * The volume was unmounted. That no mount namespace shows it, and no device holds it, is the kernel's word that nobody can
     * write to it; what the kernel does not say has to be found out by a clean-up.
     *
     * @return what was not told to Mooring, for the log
     */
    Optional<String> unmounted(ClaimedVolume volume, ReleaseFacts facts) {
        return release(
                new ReleasedVolume(
                        volume.claim(),
                        volume.fence(),
                        false,
                        facts.closed(),
                        facts.unmounted(),
                        facts.closed(),
                        facts.detached(),
                        true,
                        Optional.of(facts.remark()).filter(remark -> !remark.isEmpty())),
                volume);
    }

    private Optional<String> release(ReleasedVolume released, ClaimedVolume volume) {
        VolumeName name = volume.request().name();
        ReleaseRecord record = new ReleaseRecord(machine.key(), machine.boot(), List.of(released));
        try {
            evidence.keep(id(name), record);
            Files.deleteIfExists(notes.resolve(name.key()));
            Reply reply = service.release(id(name), record);
            if (reply instanceof Reply.Unknown unknown) {
                return Optional.of("Mooring is told of it later: " + unknown.reason());
            }
            evidence.taken(id(name));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("the record of the release cannot be kept: " + e.getMessage());
        }
    }
}
