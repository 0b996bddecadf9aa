package io.mooring.plugin.service;

import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.lane.Lanes;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.Holder;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.MountId;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends uses of Docker callers that nobody will end. A Docker Engine that is killed never unmounts what its containers
 * had, and one that gave up on a slow mount has forgotten it. The kernel tells which: no mount namespace of this host has
 * had the volume anywhere but at its mount point for so long, and no use came or went meanwhile. As long as one
 * container has it all its uses stand, for nobody knows whose they are. A claim's use is never touched, nor one that is not
 * an engine's: what dvdcli mounted for Mesos may be used where it is mounted, without a mount of its own.
 */
public final class UnendedUses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UnendedUses.class);
    private static final int LOOKS = 4;

    private final Pool pool;
    private final Backend backend;
    private final Lanes lanes;
    private final HostIdentity here;
    private final HeldVolumes held;
    private final Duration quiet;
    private final LongSupplier nanos;
    private final Map<VolumeName, Unused> unused = new HashMap<>();
    private final Thread looks = new Thread(this::work, "unended-uses");

    /** An attachment that no container had when it was looked at first, and since. */
    private record Unused(Attachment attachment, long since) {}

    public UnendedUses(
            Pool pool,
            Backend backend,
            Lanes lanes,
            HostIdentity here,
            HeldVolumes held,
            Duration quiet,
            LongSupplier nanos) {
        this.pool = pool;
        this.backend = backend;
        this.lanes = lanes;
        this.here = here;
        this.held = held;
        this.quiet = quiet;
        this.nanos = nanos;
    }

    /** Begins to look, until it is closed; never looks where no time is given. */
    public void begin() {
        if (quiet.isZero()) {
            return;
        }
        looks.setDaemon(true);
        looks.start();
    }

    private void work() {
        long pause = Math.max(1, quiet.toMillis() / LOOKS);
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(pause);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the service stops
        }
    }

    private void look() {
        try {
            for (VolumeRecord volume : pool.volumes()) {
                look(volume);
            }
        } catch (IOException | UncheckedIOException | VolumeException e) {
            LOG.atWarn().setCause(e).log("Cannot look for uses that nobody ended; try again");
        }
    }

    private void look(VolumeRecord volume) throws IOException, VolumeException {
        Optional<Attachment> idle = idle(volume);
        Unused before = unused.get(volume.name());
        if (idle.isEmpty()) {
            unused.remove(volume.name());
        } else if (before == null || !before.attachment().equals(idle.get())) {
            unused.put(volume.name(), new Unused(idle.get(), nanos.getAsLong()));
        } else if (nanos.getAsLong() - before.since() >= quiet.toNanos()) {
            end(volume, before.attachment());
        }
    }

    /** What this host has of it for Docker callers, mounted, and nobody uses. */
    private Optional<Attachment> idle(VolumeRecord volume) throws IOException {
        Optional<Attachment> own = pool.ownership(volume.name()).on(here);
        boolean candidate = own.isPresent()
                && own.get().host().equals(here)
                && own.get().holder() instanceof Holder.DockerCaller
                && own.get().mountIds().stream().allMatch(MountId::ofEngine)
                && !own.get().device().isEmpty()
                && lanes.inFlight(volume.name()).isEmpty();
        return candidate && !backend.usedElsewhere(volume, own.get()) ? own : Optional.empty();
    }

    private void end(VolumeRecord volume, Attachment forgotten) throws IOException, VolumeException {
        lanes.run(volume.name(), "EndUses", () -> {
            Optional<Attachment> own = pool.ownership(volume.name()).on(here);
            if (own.equals(Optional.of(forgotten)) && !backend.usedElsewhere(volume, forgotten)) {
                held.release(volume);
                LOG.atWarn()
                        .addKeyValue("volume", volume.name())
                        .addKeyValue("uses", forgotten.mountIds())
                        .log("Ended uses that no container has had for {}", quiet);
            }
            return volume;
        });
        unused.remove(volume.name());
    }

    @Override
    public void close() {
        looks.interrupt();
    }
}
