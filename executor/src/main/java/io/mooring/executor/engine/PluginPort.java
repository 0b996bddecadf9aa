package io.mooring.executor.engine;

import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.Existence;
import io.mooring.executor.mount.Flight;
import io.mooring.executor.mount.MountForm;
import io.mooring.executor.mount.Outcome;
import java.util.Map;

/** The volume plugins of this agent. Calls block for up to minutes, so the engine makes them on other threads. */
public interface PluginPort {
    Outcome<Existence> look(DriverName driver, VolumeName volume);

    Outcome<Acknowledged> create(DriverName driver, VolumeName volume, Map<String, String> options);

    Outcome<Acknowledged> remove(DriverName driver, VolumeName volume);

    Outcome<String> mount(DriverName driver, VolumeName volume, String mountId);

    Outcome<Acknowledged> unmount(DriverName driver, VolumeName volume, String mountId);

    Flight inFlight(DriverName driver, VolumeName volume);

    MountForm form(DriverName driver);

    AttachmentHere here(DriverName driver, VolumeName volume);
}
