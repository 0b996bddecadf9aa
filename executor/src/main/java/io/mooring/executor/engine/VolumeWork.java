package io.mooring.executor.engine;

import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.mount.Flight;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.mount.MountFacts;
import io.mooring.executor.mount.ReleaseFacts;
import io.mooring.executor.mount.VolumeEffect;
import io.mooring.executor.mount.VolumeEvent;
import java.util.Optional;

/** Carries out what a volume needs from the plugin and the kernel; the answer is the volume's next event. Blocks. */
final class VolumeWork {
    private final PluginPort plugins;
    private final MountPort mounts;
    private final ContainerPort containers;

    VolumeWork(PluginPort plugins, MountPort mounts, ContainerPort containers) {
        this.plugins = plugins;
        this.mounts = mounts;
        this.containers = containers;
    }

    VolumeEvent perform(ClaimedVolume volume, VolumeEffect effect) {
        DriverName driver = volume.request().driver();
        VolumeName name = volume.request().name();
        String mountId = JournalEntry.mountId(volume);
        if (effect instanceof VolumeEffect.LookUp) {
            return new VolumeEvent.Looked(plugins.look(driver, name));
        }
        if (effect instanceof VolumeEffect.Create) {
            return new VolumeEvent.Created(
                    plugins.create(driver, name, volume.request().options()));
        }
        if (effect instanceof VolumeEffect.Mount) {
            return new VolumeEvent.Mounted(plugins.mount(driver, name, mountId));
        }
        if (effect instanceof VolumeEffect.TakeOver over) {
            return new VolumeEvent.TakenOver(
                    plugins.handOver(driver, name, JournalEntry.mountId(over.from()), mountId));
        }
        if (effect instanceof VolumeEffect.Check check) {
            return new VolumeEvent.Checked(mounts.check(check.path(), plugins.form(driver), name.value()));
        }
        if (effect instanceof VolumeEffect.AskFlight) {
            Flight flight = plugins.inFlight(driver, name);
            return new VolumeEvent.FlightSeen(flight, flight == Flight.NONE ? seen(driver, name) : Optional.empty());
        }
        if (effect instanceof VolumeEffect.RemoveContainer remove) {
            return new VolumeEvent.ContainerRemoved(containers.remove(remove.name()));
        }
        if (effect instanceof VolumeEffect.Unmount) {
            return new VolumeEvent.Unmounted(plugins.unmount(driver, name, mountId));
        }
        if (effect instanceof VolumeEffect.LookForStrangers look) {
            return new VolumeEvent.StrangersSeen(mounts.strangers(look.facts()));
        }
        if (effect instanceof VolumeEffect.Verify verify) {
            return new VolumeEvent.Verified(left(volume, verify.facts()));
        }
        throw new IllegalArgumentException("no plugin or kernel work: " + effect);
    }

    /** A reader shares its mount with the writer or with other readers of this machine, and is done when its use is. */
    private static boolean leftToOthers(ClaimedVolume volume, AttachmentHere plugin) {
        return plugin instanceof AttachmentHere.Attached attached
                && !attached.mountIds().isEmpty()
                && !attached.mountIds().contains(JournalEntry.mountId(volume));
    }

    /** The plugin may know the device of a mount that its caller did not live to write down. */
    private Optional<MountFacts> seen(DriverName driver, VolumeName name) {
        return plugins.here(driver, name) instanceof AttachmentHere.Attached attached
                ? attached.device().flatMap(mounts::ofDevice)
                : Optional.empty();
    }

    private ReleaseFacts left(ClaimedVolume volume, Optional<MountFacts> facts) {
        DriverName driver = volume.request().driver();
        VolumeName name = volume.request().name();
        if (JournalEntry.reads(volume) && leftToOthers(volume, plugins.here(driver, name))) {
            return new ReleaseFacts(true, true, true, "");
        }
        ReleaseFacts kernel = facts.map(mounts::left).orElse(new ReleaseFacts(true, true, true, ""));
        if (!kernel.clean()) {
            return kernel;
        }
        AttachmentHere plugin = plugins.here(driver, name);
        if (plugin instanceof AttachmentHere.Attached) {
            return new ReleaseFacts(true, true, false, "the plugin says that it is still attached here");
        }
        if (facts.isEmpty() && plugin instanceof AttachmentHere.Untold untold) {
            // Nobody knows what to look for in the kernel's tables, so the plugin's word is needed.
            return new ReleaseFacts(
                    false, false, false, "the plugin does not say whether it is attached here: " + untold.reason());
        }
        return kernel;
    }
}
