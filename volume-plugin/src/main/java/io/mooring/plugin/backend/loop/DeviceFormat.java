package io.mooring.plugin.backend.loop;

import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.process.CommandResult;
import io.mooring.plugin.volume.FormatGuard;
import io.mooring.plugin.volume.FormatPhase;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.Probe;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a device has a file system, and never destroys one: looks at the device, asks {@link FormatGuard}, and
 * records each step before it is taken.
 */
final class DeviceFormat {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceFormat.class);

    private static final int NOTHING_FOUND = 2;
    private static final int AMBIVALENT = 8;
    private final HostCommands commands;
    private final Pool pool;

    private final NewIdentity identity;
    private final ExecutorService looking = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "look-at-content");
        thread.setDaemon(true);
        return thread;
    });

    DeviceFormat(HostCommands commands, Pool pool, NewIdentity identity) {
        this.commands = commands;
        this.pool = pool;
        this.identity = identity;
    }

    /**
     * Begins to look whether there is nothing at both ends. That may begin before the device is attached, as long as nobody else
     * can write to its content: it takes half as long as losetup does.
     *
     * @param content what holds what is on the device: its file, or the device itself
     */
    Future<Boolean> look(Path content) {
        return looking.submit(() -> Ends.areZero(content));
    }

    /**
     * The file system to mount, made now if the device is new.
     *
     * @param zero whether there is nothing at both ends
     * @param mountPoint where a copy may be mounted for a moment
     */
    FsType ensure(VolumeRecord volume, LoopDevice device, Future<Boolean> zero, Path mountPoint)
            throws VolumeException, IOException {
        Probe probe = seen(zero) ? new Probe.Blank() : probe(device.node());
        FormatGuard.Verdict verdict = FormatGuard.decide(volume.phase(), volume.fsType(), probe);
        if (verdict instanceof FormatGuard.Verdict.Refuse refuse) {
            throw new VolumeException(
                    "volume " + volume.name() + " is neither mounted nor formatted: " + refuse.reason());
        }
        if (verdict instanceof FormatGuard.Verdict.Keep keep) {
            return keep(volume, keep.type());
        }
        if (verdict instanceof FormatGuard.Verdict.Renew renew) {
            identity.give(renew.type(), device, mountPoint);
            pool.save(volume.formatted(FormatPhase.DONE, renew.type()));
            return renew.type();
        }
        if (verdict instanceof FormatGuard.Verdict.Fill fill) {
            identity.fillUnmounted(fill.type(), device, mountPoint);
            pool.save(volume.formatted(FormatPhase.DONE, fill.type()));
            return fill.type();
        }
        commands.requireMkfs(volume.fsType());
        if (volume.phase() == FormatPhase.WIPED) {
            // Stays so until mkfs is done: what it leaves of a foreign signature would count as somebody's data
            // otherwise.
            commands.wipefs(device.node());
        } else {
            pool.save(volume.formatted(FormatPhase.BEGUN, volume.fsType()));
        }
        commands.mkfs(volume.fsType(), device.node());
        pool.save(volume.formatted(FormatPhase.DONE, volume.fsType()));
        LOG.atInfo()
                .addKeyValue("volume", volume.name())
                .addKeyValue("fsType", volume.fsType().label())
                .log("Formatted");
        return volume.fsType();
    }

    private static boolean seen(Future<Boolean> zero) throws VolumeException, IOException {
        try {
            return zero.get();
        } catch (ExecutionException e) {
            throw new IOException(
                    "cannot look at what is on it: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VolumeException("given up because the service stops", e);
        }
    }

    private FsType keep(VolumeRecord volume, FsType found) throws VolumeException, IOException {
        if (volume.phase() != FormatPhase.DONE || volume.fsType() != found) {
            LOG.atWarn()
                    .addKeyValue("volume", volume.name())
                    .addKeyValue("expected", volume.fsType().label())
                    .addKeyValue("found", found.label())
                    .log("Found a file system that was not made here, and keep it");
            pool.save(volume.formatted(FormatPhase.DONE, found));
        }
        return found;
    }

    /** What is on a device that is not blank. Where both ends are zero there is nothing that blkid could find. */
    private Probe probe(String node) throws VolumeException {
        CommandResult result = commands.blkid(node);
        if (result.exitCode() == AMBIVALENT) {
            return new Probe.Signature("signatures of several kinds at once");
        }
        if (result.exitCode() == NOTHING_FOUND) {
            return new Probe.UnknownContent();
        }
        if (!result.succeeded()) {
            throw new VolumeException("cannot look at what is on " + node + ": " + result.complaint());
        }
        return signature(fields(result.stdout()));
    }

    private static Probe signature(Map<String, String> fields) {
        String type = fields.getOrDefault("TYPE", "");
        Optional<FsType> known = FsType.named(type);
        if (known.isPresent() && "filesystem".equals(fields.get("USAGE"))) {
            return new Probe.FileSystem(known.get());
        }
        String table = fields.getOrDefault("PTTYPE", "");
        return new Probe.Signature(
                type.isEmpty() ? (table.isEmpty() ? "something unknown" : "a partition table (" + table + ")") : type);
    }

    private static Map<String, String> fields(String export) {
        Map<String, String> fields = new TreeMap<>();
        for (String line : export.lines().toList()) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                fields.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return fields;
    }
}
