package io.mooring.executor.mount;

import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.MountMode;
import java.util.Objects;
import java.util.Optional;

/**
 * One claim in the journal: enough for another process to finish what this one began.
 *
 * @param container the name of the container that may have the volume; noted before it is made
 */
public record JournalEntry(
        ClaimedVolume volume,
        TaskId task,
        MachineKey machine,
        BootId boot,
        VolumeStep step,
        Optional<MountFacts> facts,
        Optional<String> container) {
    public JournalEntry {
        Objects.requireNonNull(volume, "volume is null");
        Objects.requireNonNull(task, "task is null");
        Objects.requireNonNull(machine, "machine is null");
        Objects.requireNonNull(boot, "boot is null");
        Objects.requireNonNull(step, "step is null");
        Objects.requireNonNull(facts, "facts is null");
        Objects.requireNonNull(container, "container is null");
    }

    /** One that no container has. */
    public JournalEntry(
            ClaimedVolume volume,
            TaskId task,
            MachineKey machine,
            BootId boot,
            VolumeStep step,
            Optional<MountFacts> facts) {
        this(volume, task, machine, boot, step, facts, Optional.empty());
    }

    /** The same claim one step further; facts once known stay. */
    public JournalEntry at(VolumeStep next, Optional<MountFacts> seen) {
        return new JournalEntry(volume, task, machine, boot, next, seen.isPresent() ? seen : facts, container);
    }

    /** The same claim, which that container may have from now on. */
    public JournalEntry in(String name) {
        return new JournalEntry(volume, task, machine, boot, step, facts, Optional.of(name));
    }

    /** The ID by which the plugin knows this claim's mount: it finds fence and claim in it. */
    public static String mountId(ClaimedVolume volume) {
        return "mooring:" + volume.claim().value() + ":" + volume.fence() + (reads(volume) ? ":ro" : "");
    }

    /**
     * Whether a claim is one of many that only read. A task that has a volume for itself and asks to see it read-only still
     * has it attached to write: it may be the first that has it.
     */
    public static boolean reads(ClaimedVolume volume) {
        return volume.request().mode() == MountMode.READ_ONLY
                && switch (volume.request().access()) {
                    case SINGLE_WRITER_READERS, MANY_READERS -> true;
                    case SINGLE_WRITER, MANY_WRITERS -> false;
                };
    }
}
