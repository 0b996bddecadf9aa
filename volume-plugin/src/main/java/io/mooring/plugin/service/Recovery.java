package io.mooring.plugin.service;

import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.lane.Lanes;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares at start what the pool records for this host with what the kernel has. A volume that is mounted stays so, with
 * its uses. An attachment of an earlier boot, or one that a killed process left half made, is taken back; where
 * something still holds the volume the record stays, and the next mount or unmount call tries again.
 */
public final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

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

    /** Looks at every volume that is recorded as attached to this host. */
    public void run() throws IOException {
        for (VolumeRecord volume : pool.volumes()) {
            if (pool.ownership(volume.name()) instanceof Ownership.Attached attached
                    && attached.attachment().host().host().equals(here.host())) {
                recover(volume, attached.attachment());
            }
        }
    }

    private void recover(VolumeRecord volume, Attachment attachment) throws IOException {
        boolean earlierBoot = !attachment.host().equals(here);
        if (!earlierBoot && backend.mountedAt(volume, attachment).isPresent()) {
            LOG.atInfo()
                    .addKeyValue("volume", volume.name())
                    .addKeyValue("uses", attachment.mountIds().size())
                    .log("Still mounted");
            return;
        }
        String why = earlierBoot ? "attached in an earlier boot" : "attached, but not mounted";
        try {
            lanes.run(volume.name(), "Recover", () -> {
                held.release(volume);
                return volume;
            });
            LOG.atWarn()
                    .addKeyValue("volume", volume.name())
                    .addKeyValue("why", why)
                    .log("Took an attachment back");
        } catch (VolumeException e) {
            LOG.atWarn()
                    .addKeyValue("volume", volume.name())
                    .addKeyValue("why", why)
                    .setCause(e)
                    .log("Kept an attachment that could not be taken back");
        }
    }
}
