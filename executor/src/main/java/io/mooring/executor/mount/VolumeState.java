package io.mooring.executor.mount;

import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import java.util.Optional;

/**
 * What is known of one volume.
 *
 * @param creation whether this executor asked the plugin to make it
 * @param attach whether this executor asked the plugin to mount it, and what is known of that
 * @param mount what was mounted, once the kernel showed it
 * @param unmounted whether the plugin answered an Unmount
 * @param attempts of unmounting and verifying so far
 * @param trouble what stands in the way just now, in words; empty when nothing does
 * @param inherited the claim on this machine that left it mounted for this one, until it is taken over
 * @param container the container that may have it, until the engine says that it is gone
 */
public record VolumeState(
        ClaimedVolume volume,
        VolumePhase phase,
        Creation creation,
        Attach attach,
        Optional<MountFacts> mount,
        boolean unmounted,
        int attempts,
        String trouble,
        Optional<ClaimedVolume> inherited,
        Optional<String> container) {
    /** How far the volume's making got. */
    public enum Creation {
        NOT_ASKED,
        ASKED,
        DONE
    }

    /** What is known of the Mount. */
    public enum Attach {
        /** It was never sent. */
        NEVER,
        /** It was answered, or there was time enough to see that nothing more comes of it. */
        SETTLED,
        /** Nobody knows; it may still come into effect. */
        UNCERTAIN,
        /** Nobody can ever know: the plugin does not tell what it is at work on. */
        UNKNOWABLE
    }

    /** On which boot of this machine something was left. */
    public enum Boot {
        THIS,
        EARLIER
    }

    /** A volume that is claimed and untouched. */
    public static VolumeState claimed(ClaimedVolume volume) {
        return new VolumeState(
                volume,
                VolumePhase.CLAIMED,
                Creation.NOT_ASKED,
                Attach.NEVER,
                Optional.empty(),
                false,
                0,
                "",
                Optional.empty(),
                Optional.empty());
    }

    /**
     * What a dead executor left, from its journal. The step ATTACHING says nothing of whether the plugin answered, so
     * the Mount counts as uncertain; unless the machine booted since, which no Mount under way survives. A container is
     * gone by the time an Unmount is journaled.
     */
    public static VolumeState leftBehind(JournalEntry entry, Boot boot) {
        VolumeStep step = entry.step();
        Attach attach =
                switch (step) {
                    case INTENT, GO, ABANDONED -> Attach.NEVER;
                    case ATTACHING -> boot == Boot.THIS ? Attach.UNCERTAIN : Attach.SETTLED;
                    case MOUNTED, HANDOVER, UNMOUNTED, DETACHED -> Attach.SETTLED;
                };
        boolean unmounted = step == VolumeStep.UNMOUNTED || step == VolumeStep.DETACHED;
        return new VolumeState(
                entry.volume(),
                attach == Attach.NEVER ? VolumePhase.CLAIMED : VolumePhase.FAILED,
                Creation.NOT_ASKED,
                attach,
                entry.facts(),
                unmounted,
                0,
                "",
                Optional.empty(),
                unmounted ? Optional.empty() : entry.container());
    }

    /** The same volume, left mounted like this by another claim. */
    public VolumeState inheriting(ClaimedVolume from, MountFacts facts) {
        return new VolumeState(
                volume,
                phase,
                creation,
                attach,
                Optional.of(facts),
                unmounted,
                attempts,
                trouble,
                Optional.of(from),
                container);
    }

    /** The same volume, which that container may have from now on. */
    public VolumeState in(String name) {
        return new VolumeState(
                volume, phase, creation, attach, mount, unmounted, attempts, trouble, inherited, Optional.of(name));
    }

    VolumeState afterEviction() {
        return new VolumeState(
                volume, phase, creation, attach, mount, unmounted, attempts, trouble, inherited, Optional.empty());
    }

    VolumeState in(VolumePhase next) {
        return new VolumeState(
                volume, next, creation, attach, mount, unmounted, attempts, trouble, inherited, container);
    }

    VolumeState with(Creation next) {
        return new VolumeState(volume, phase, next, attach, mount, unmounted, attempts, trouble, inherited, container);
    }

    VolumeState with(Attach next) {
        return new VolumeState(
                volume, phase, creation, next, mount, unmounted, attempts, trouble, inherited, container);
    }

    VolumeState mountedAs(MountFacts facts) {
        return new VolumeState(
                volume,
                VolumePhase.MOUNTED,
                creation,
                attach,
                Optional.of(facts),
                unmounted,
                attempts,
                "",
                inherited,
                container);
    }

    VolumeState seen(Optional<MountFacts> facts) {
        Optional<MountFacts> known = mount.isPresent() ? mount : facts;
        return new VolumeState(
                volume, phase, creation, attach, known, unmounted, attempts, trouble, inherited, container);
    }

    VolumeState afterUnmount() {
        return new VolumeState(volume, phase, creation, attach, mount, true, attempts, trouble, inherited, container);
    }

    VolumeState troubledBy(String what) {
        return new VolumeState(volume, phase, creation, attach, mount, unmounted, attempts, what, inherited, container);
    }

    VolumeState tried() {
        return new VolumeState(
                volume, phase, creation, attach, mount, unmounted, attempts + 1, trouble, inherited, container);
    }

    ReleasedVolume neverAttached() {
        return new ReleasedVolume(
                volume.claim(), volume.fence(), true, true, false, false, false, true, Optional.empty());
    }

    ReleasedVolume released() {
        return new ReleasedVolume(
                volume.claim(), volume.fence(), false, true, true, true, true, true, Optional.empty());
    }

    ReleasedVolume handedOver() {
        return new ReleasedVolume(
                volume.claim(), volume.fence(), false, true, false, false, false, false, true, Optional.empty());
    }

    ReleasedVolume unproven(String what) {
        return new ReleasedVolume(
                volume.claim(),
                volume.fence(),
                false,
                container.isEmpty(),
                unmounted,
                false,
                false,
                false,
                Optional.of(what));
    }
}
