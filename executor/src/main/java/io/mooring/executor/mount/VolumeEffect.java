package io.mooring.executor.mount;

import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import java.time.Duration;
import java.util.Optional;

/** One thing to do for a volume, in the order given; a journal step is on disk before the next one begins. */
public sealed interface VolumeEffect {
    /** Write the step to the volume's journal entry. */
    record Journal(VolumeStep step, Optional<MountFacts> facts) implements VolumeEffect {}

    /** Take the entry off the journal; nothing is owed any more. */
    record CloseJournal() implements VolumeEffect {}

    /** Leave the entry in the journal, for whoever takes it up. */
    record LetGo() implements VolumeEffect {}

    /** Ask the plugin to give the volume from that claim to this one. */
    record TakeOver(ClaimedVolume from) implements VolumeEffect {}

    /** Take that claim's entry off the journal: all that it says is in this one's now. */
    record CloseInherited(ClaimedVolume from) implements VolumeEffect {}

    /** Ask the plugin whether the volume exists. */
    record LookUp() implements VolumeEffect {}

    /** Ask the plugin to make it. */
    record Create() implements VolumeEffect {}

    /** Ask the plugin to attach and mount it. */
    record Mount() implements VolumeEffect {}

    /** Ask the mount table about the path that the plugin answered. */
    record Check(String path) implements VolumeEffect {}

    /** Ask the plugin whether it is still at work on the volume. */
    record AskFlight() implements VolumeEffect {}

    /** Have the container that may have it stopped and removed. */
    record RemoveContainer(String name) implements VolumeEffect {}

    /** Ask the plugin to unmount and detach it. */
    record Unmount() implements VolumeEffect {}

    /** Ask the kernel what is left of it; without facts, as far as the plugin knows where it would be. */
    record Verify(Optional<MountFacts> facts) implements VolumeEffect {}

    /** Ask the kernel whether anybody has a copy of the mount who would keep it. */
    record LookForStrangers(MountFacts facts) implements VolumeEffect {}

    /** Come back later. */
    record RetryAfter(Duration pause) implements VolumeEffect {}

    /** It is mounted. */
    record ReportReady() implements VolumeEffect {}

    /** It could not be mounted. */
    record ReportFailed(String reason) implements VolumeEffect {}

    /** It is released, or as much of it as could be. */
    record ReportReleased(ReleasedVolume record) implements VolumeEffect {}
}
