package io.mooring.scheduler.marathon;

import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.definition.VolumeSpec;
import java.util.Map;
import java.util.Optional;

/** A volume as one of the three forms names it, before its {@code mooring/...} labels are read. */
record DraftVolume(
        DriverName driver,
        DraftName name,
        Map<String, String> options,
        Optional<String> containerPath,
        MountMode mode,
        CreatePolicy create,
        VolumeFields fields) {
    VolumeSpec with(AccessMode access, CreatePolicy policy, TakeoverPolicy takeover, ReclaimPolicy reclaim) {
        return new VolumeSpec(
                new VolumeRequest(driver, name.first(), options, containerPath, mode, access, policy),
                takeover,
                reclaim,
                name.template());
    }
}
