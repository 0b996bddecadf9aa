package io.mooring.executor.claims;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.MalformedMessageException;
import io.mooring.common.command.MessageCodec;
import io.mooring.common.ids.ClaimId;
import io.mooring.executor.run.Tenure.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Release records that no scheduler has taken yet, on disk beside the journal: a record that could not be delivered by its
 * own executor is by any later one of this machine.
 */
public final class Evidence {
    private static final Logger log = LoggerFactory.getLogger(Evidence.class);
    private static final int AT_ONCE = 100;
    private static final String SUFFIX = ".record";

    private final Path directory;
    private final MessageCodec codec = new MessageCodec();

    /** Beside that journal. */
    public Evidence(Path journal) {
        this.directory = journal.resolve("evidence");
    }

    /** Puts a record there; on disk when this returns. */
    public void keep(ClaimId id, ExecutorReport record) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path temporary = directory.resolve("." + id);
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(codec.encode(record));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file(id), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** It was taken. */
    public void taken(ClaimId id) throws IOException {
        Files.deleteIfExists(file(id));
    }

    /** Brings what lies there; what nobody takes stays. */
    public void deliver(ClaimService service) {
        for (ClaimId id : waiting()) {
            try {
                Reply reply = service.release(id, codec.decodeReport(Files.readAllBytes(file(id))));
                if (reply instanceof Reply.Unknown unknown) {
                    log.info("the release record of {} was not taken: {}", id, unknown.reason());
                    return;
                }
                log.info("delivered the release record of {}", id);
                taken(id);
            } catch (MalformedMessageException e) {
                log.warn("the release record of {} cannot be read, and stays: {}", id, e.getMessage());
            } catch (IOException e) {
                log.info("the release record of {} is not there any more: {}", id, e.getMessage());
            }
        }
    }

    private List<ClaimId> waiting() {
        List<ClaimId> waiting = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return waiting;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "[!.]*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (waiting.size() < AT_ONCE) {
                    waiting.add(new ClaimId(name.substring(0, name.length() - SUFFIX.length())));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            log.warn("release records that wait cannot be listed: {}", e.getMessage());
        }
        return waiting;
    }

    private Path file(ClaimId id) {
        return directory.resolve(id + SUFFIX);
    }
}
