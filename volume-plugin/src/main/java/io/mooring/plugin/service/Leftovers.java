package io.mooring.plugin.service;

import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.volume.Access;
import io.mooring.plugin.volume.Fences;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.Target;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;

/** What this host still has of volumes that it was cut off from. Only the host itself can see that, and take it away. */
final class Leftovers {
    private final Pool pool;
    private final Backend backend;
    private final HostIdentity here;

    Leftovers(Pool pool, Backend backend, HostIdentity here) {
        this.pool = pool;
        this.backend = backend;
        this.here = here;
    }

    /**
     * Unmounts and detaches what this host had when it was cut off; the cut stays.
     *
     * @throws VolumeException with who still holds it
     */
    void takeOff(VolumeRecord volume, Fences.Fence fence) throws VolumeException {
        if (fence.generation().isPresent()) {
            Target former = Target.former(volume, fence.generation().getAsLong());
            backend.release(former);
            backend.release(former.to(Access.READ_ONLY));
        }
    }

    /**
     * Takes away all of it, and lets this host have the volume again.
     *
     * @throws VolumeException with who still holds it, or when the cut is not finished yet
     */
    void clear(VolumeRecord volume, Fences.Fence fence) throws VolumeException, IOException {
        VolumeName name = volume.name();
        requireFinished(name);
        takeOff(volume, fence);
        if (fence.generation().isPresent()) {
            backend.forget(Target.former(volume, fence.generation().getAsLong()));
        }
        pool.locked(name, () -> {
            Ownership present = pool.ownership(name);
            if (present.standing()
                    .fences()
                    .of(here.host())
                    .filter(fence::equals)
                    .isPresent()) {
                pool.save(name, present.with(present.standing().unfencing(here.host())));
            }
            return present;
        });
    }

    /** As long as the copy is not made the former content is the only one. */
    private void requireFinished(VolumeName name) throws VolumeException, IOException {
        if (pool.ownership(name) instanceof Ownership.Cutting cutting
                && cutting.attachment().host().host().equals(here.host())) {
            throw new VolumeException(
                    "volume " + name + ": this host is being cut off from it, and that is not finished;"
                            + " the order to fence it has to be repeated first");
        }
    }
}
