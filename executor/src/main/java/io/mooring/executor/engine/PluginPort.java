package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.VolumeObserved;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.CutState;
import io.mooring.executor.mount.Existence;
import io.mooring.executor.mount.Flight;
import io.mooring.executor.mount.MountForm;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.mount.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The volume plugins of this agent. Calls block for up to minutes, so the engine makes them on other threads. */
public interface PluginPort {
    /** What a plain Docker plugin is told to lack. */
    String NO_SUCH_CALL = "the plugin has none of Mooring's own calls";

    Outcome<Existence> look(DriverName driver, VolumeName volume);

    Outcome<Acknowledged> create(DriverName driver, VolumeName volume, Map<String, String> options);

    Outcome<Acknowledged> remove(DriverName driver, VolumeName volume);

    Outcome<String> mount(DriverName driver, VolumeName volume, String mountId);

    Outcome<Acknowledged> unmount(DriverName driver, VolumeName volume, String mountId);

    Flight inFlight(DriverName driver, VolumeName volume);

    MountForm form(DriverName driver);

    AttachmentHere here(DriverName driver, VolumeName volume);

    /** Cuts another machine off a volume and asks afterwards whether it is. A plain Docker plugin has no such call. */
    default Outcome<CutState> cutOff(FenceHolder order) {
        return new Outcome.Refused<>(Refusal.NO_SUCH_CALL, NO_SUCH_CALL);
    }

    /** Where these volumes are attached; what cannot be found out is said to be unknown. */
    default List<VolumeObserved> observe(DriverName driver, List<VolumeName> volumes) {
        return volumes.stream()
                .map(volume -> new VolumeObserved(
                        volume, ExecutorReport.Existence.UNKNOWN, new ExecutorReport.AttachmentView.NotTold()))
                .toList();
    }

    /** Why the plugin knows that a claim is another's by now; empty if it does not. */
    default Optional<String> overtaken(ClaimedVolume volume) {
        return Optional.empty();
    }

    /** Why a plugin is not to be counted on: what came of asking it; empty when it answered, whatever it said. */
    default Optional<String> trouble(DriverName driver) {
        return Optional.empty();
    }

    /** Lets this machine have a volume again that it was cut off from; what stands in the way, empty if nothing does. */
    default Optional<String> unfence(VolumeName volume) {
        return Optional.empty();
    }

    /** Whether a plugin can give a mounted volume from one claim to the next. */
    default boolean handsOver(DriverName driver) {
        return false;
    }

    /** Gives a mounted volume from one claim of this machine to the next. */
    default Outcome<Acknowledged> handOver(DriverName driver, VolumeName volume, String from, String to) {
        return new Outcome.Refused<>(Refusal.NO_SUCH_CALL, NO_SUCH_CALL);
    }
}
