package io.mooring.local.agent;

import io.mooring.local.loop.EventLoop;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sandboxes of ended executors: kept for a while, then deleted, the oldest earlier when the disk fills up. The rules
 * are those of {@code --gc_delay}, {@code --gc_disk_headroom} and {@code --disk_watch_interval}.
 */
final class Sandboxes {
    private static final Logger LOG = LoggerFactory.getLogger(Sandboxes.class);
    private static final Duration DISK_WATCH = Duration.ofMinutes(1);

    private record Kept(Instant until, EventLoop.Timer timer) {}

    private final AgentParts parts;
    private final Path root;
    private final Map<Path, Kept> kept = new LinkedHashMap<>();

    Sandboxes(AgentParts parts) {
        this.parts = parts;
        this.root = parts.settings().workDir().resolve("slaves");
    }

    /** Takes over the sandboxes that an earlier life left behind, each as old as it is. */
    void recover() {
        List<Path> live = parts.state().all().stream().map(run -> run.sandbox).toList();
        for (Path sandbox : found()) {
            if (!live.contains(sandbox)) {
                keep(sandbox, changed(sandbox).plus(parts.settings().gcDelay()));
            }
        }
        parts.loop().every(DISK_WATCH, this::watchDisk);
    }

    /** The executor has ended and nothing of it is left to tell. */
    void done(ExecutorRun run) {
        if (Files.isDirectory(run.sandbox)) {
            Instant now = parts.clock().instant();
            touch(run.sandbox, now);
            keep(run.sandbox, now.plus(parts.settings().gcDelay()));
        }
    }

    private void keep(Path sandbox, Instant until) {
        Duration left = Duration.between(parts.clock().instant(), until);
        EventLoop.Timer timer = parts.loop().after(left.isNegative() ? Duration.ZERO : left, () -> delete(sandbox));
        kept.put(sandbox, new Kept(until, timer));
    }

    private void watchDisk() {
        try {
            FileStore disk = Files.getFileStore(parts.settings().workDir());
            Duration age =
                    SandboxAge.permitted(parts.settings().gcDelay(), disk.getTotalSpace(), disk.getUsableSpace());
            prune(parts.settings().gcDelay().minus(age));
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("the disk of the sandboxes cannot be looked at");
        }
    }

    /** Deletes at once what would be deleted within that time. */
    private void prune(Duration within) {
        Instant edge = parts.clock().instant().plus(within);
        List<Path> due = kept.entrySet().stream()
                .filter(each -> !each.getValue().until().isAfter(edge) && !within.isZero())
                .map(Map.Entry::getKey)
                .toList();
        due.forEach(sandbox -> {
            kept.get(sandbox).timer().cancel();
            delete(sandbox);
        });
    }

    private void delete(Path sandbox) {
        kept.remove(sandbox);
        parts.blocking().execute(() -> {
            deleteTree(sandbox);
            LOG.atInfo().addKeyValue("sandbox", sandbox).log("sandbox deleted");
            // Directories of executors and frameworks that have no sandbox left go too.
            for (Path up = sandbox.getParent(); up.startsWith(root) && !up.equals(root); up = up.getParent()) {
                if (!up.toFile().delete()) {
                    return;
                }
            }
        });
    }

    private static void deleteTree(Path tree) {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("sandbox", tree).log("sandbox not deleted");
        }
    }

    /** {@code slaves/ID/frameworks/ID/executors/ID/runs/ID}. */
    private List<Path> found() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        int depth = root.getNameCount() + 7;
        try (Stream<Path> all = Files.walk(root, 7)) {
            return all.filter(path -> path.getNameCount() == depth && Files.isDirectory(path))
                    .toList();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("old sandboxes cannot be listed");
            return List.of();
        }
    }

    private static Instant changed(Path sandbox) {
        try {
            return Files.getLastModifiedTime(sandbox).toInstant();
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }

    private static void touch(Path sandbox, Instant now) {
        try {
            Files.setLastModifiedTime(sandbox, FileTime.from(now));
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("sandbox not touched");
        }
    }
}
