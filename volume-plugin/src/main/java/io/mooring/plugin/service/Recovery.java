package io.mooring.plugin.service;

import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.backend.Mounted;
import io.mooring.plugin.lane.Lanes;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares at start what the pool records for this host with what the kernel has. A volume that is mounted stays so, with
 * its uses. An attachment of an earlier boot, or one that a killed process left half made, is taken back; where
 * something still holds the volume the record stays, and the next mount or unmount call tries again.
 */
public final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int WORKERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Pool pool;
    private final Backend backend;
    private final Lanes lanes;
    private final HostIdentity here;
    private final HeldVolumes held;

    public Recovery(Pool pool, Backend backend, Lanes lanes, HostIdentity here, HeldVolumes held) {
        this.pool = pool;
        this.backend = backend;
        this.lanes = lanes;
        this.here = here;
        this.held = held;
    }

    /**
     * Looks at every volume that is recorded as attached to this host. What hangs is left to go on in its volume's lane:
     * it must not keep the other volumes from being served.
     */
    public void run() throws IOException {
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS, task -> {
            Thread worker = new Thread(task, "recovery");
            worker.setDaemon(true);
            return worker;
        });
        List<CompletableFuture<Void>> recoveries = new ArrayList<>();
        Mounted mounted = backend.mounted();
        for (VolumeRecord volume : pool.volumes()) {
            if (isLeftover(volume, mounted)) {
                recoveries.add(CompletableFuture.runAsync(() -> takeBack(volume), workers));
            }
        }
        workers.shutdown();
        await(CompletableFuture.allOf(recoveries.toArray(CompletableFuture<?>[]::new)));
    }

    private boolean isLeftover(VolumeRecord volume, Mounted mounted) throws IOException {
        Ownership ownership = pool.ownership(volume.name());
        Optional<Attachment> own = ownership.on(here);
        return own.isPresent()
                && !(ownership instanceof Ownership.Cutting)
                && !stillMounted(volume, own.get(), mounted);
    }

    private boolean stillMounted(VolumeRecord volume, Attachment attachment, Mounted table) {
        boolean mounted =
                attachment.host().equals(here) && table.at(volume, attachment).isPresent();
        if (mounted) {
            LOG.atInfo()
                    .addKeyValue("volume", volume.name())
                    .addKeyValue("uses", attachment.mountIds().size())
                    .log("Still mounted");
        }
        return mounted;
    }

    private void takeBack(VolumeRecord volume) {
        try {
            lanes.run(volume.name(), "Recover", () -> {
                if (isLeftover(volume, backend.mounted())) { // a call that came before us may have repaired it
                    held.release(volume);
                    LOG.atWarn()
                            .addKeyValue("volume", volume.name())
                            .log("Took back an attachment that was not mounted, or is of an earlier boot");
                }
                return volume;
            });
        } catch (VolumeException | IOException e) {
            LOG.atWarn()
                    .addKeyValue("volume", volume.name())
                    .setCause(e)
                    .log("Kept an attachment that could not be taken back");
        }
    }

    private static void await(CompletableFuture<Void> recoveries) throws IOException {
        try {
            recoveries.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.atWarn().log("Serve already, while attachments are still being taken back");
        } catch (ExecutionException e) {
            throw new IOException("recovery failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("given up because the service stops");
        }
    }
}
