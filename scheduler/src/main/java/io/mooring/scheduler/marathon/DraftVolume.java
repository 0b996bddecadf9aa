package io.mooring.scheduler.marathon;

import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.RootAccess;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.definition.VolumeSpec;
import java.util.Map;
import java.util.Optional;

/**
 * A volume as one of the three forms names it, before its {@code mooring/...} labels are read.
 *
 * @param access what the form itself says of sharing
 */
record DraftVolume(
        DriverName driver,
        DraftName name,
        Map<String, String> options,
        Optional<String> containerPath,
        MountMode mode,
        CreatePolicy create,
        AccessMode access,
        VolumeFields fields) {
    /** One whose form says nothing of sharing. */
    DraftVolume(
            DriverName driver,
            DraftName name,
            Map<String, String> options,
            Optional<String> containerPath,
            MountMode mode,
            CreatePolicy create,
            VolumeFields fields) {
        this(driver, name, options, containerPath, mode, create, AccessMode.SINGLE_WRITER, fields);
    }

    VolumeSpec with(
            AccessMode agreed, CreatePolicy policy, TakeoverPolicy takeover, ReclaimPolicy reclaim, RootAccess root) {
        return new VolumeSpec(
                new VolumeRequest(driver, name.first(), options, containerPath, mode, agreed, policy, root),
                takeover,
                reclaim,
                name.template());
    }
}
