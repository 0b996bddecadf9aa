package io.mooring.scheduler.volume;

import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.definition.VolumeSpec;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What Mooring knows about one volume.
 *
 * @param exists whether the backend is known to have it
 * @param fence the number of the last grant; it never goes down
 * @param create whether it may be made, or has to be in the backend already
 * @param options what it is, or will be, created with
 * @param fsType the file system seen at the last mount
 * @param home the only machine that has it, for drivers whose volumes are local
 * @param trouble why it is FAILED or QUARANTINED, in words
 */
public record Volume(
        VolumeName name,
        DriverName driver,
        VolumeState state,
        boolean exists,
        AccessMode access,
        TakeoverPolicy takeover,
        ReclaimPolicy reclaim,
        CreatePolicy create,
        Map<String, String> options,
        long fence,
        boolean needsFsck,
        Optional<String> fsType,
        Optional<MachineKey> home,
        Optional<String> trouble,
        Instant since) {
    public Volume {
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        if (fence < 0) {
            throw new IllegalArgumentException("fence of " + name + " is negative");
        }
    }

    /**
     * A volume as somebody asks for it, before anything of it is made.
     *
     * @param fence the last one that was granted under this name, 0 if none
     */
    public static Volume declared(VolumeSpec spec, VolumeState state, long fence, Instant now) {
        return new Volume(
                spec.request().name(),
                spec.request().driver(),
                state,
                false,
                spec.request().access(),
                spec.takeover(),
                spec.reclaim(),
                spec.request().create(),
                spec.request().options(),
                fence,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                now);
    }

    public Volume in(VolumeState next, Instant now) {
        Draft draft = new Draft(this);
        draft.state = next;
        draft.since = next == state ? since : now;
        return draft.volume();
    }

    /** The volume under a new grant. */
    public Volume granted(Instant now) {
        Draft draft = new Draft(in(VolumeState.IN_USE, now));
        draft.fence = fence + 1;
        return draft.volume();
    }

    /** The volume whose next grant has to be above a number that was seen outside of the store. */
    public Volume seenUnder(long number) {
        Draft draft = new Draft(this);
        draft.fence = Math.max(fence, number);
        return draft.volume();
    }

    /** The volume as a mount found it. */
    public Volume seen(Optional<String> fileSystem, Optional<MachineKey> onlyOn) {
        Draft draft = new Draft(this);
        draft.exists = true;
        draft.needsFsck = false;
        draft.fsType = fileSystem;
        draft.home = onlyOn;
        return draft.volume();
    }

    public Volume failed(VolumeState next, String why, Instant now) {
        Draft draft = new Draft(this);
        draft.state = next;
        draft.trouble = Optional.of(why);
        draft.since = now;
        return draft.volume();
    }

    /** The volume after a holder that was not seen to let go: its file system is checked before the next mount. */
    public Volume distrusted() {
        Draft draft = new Draft(this);
        draft.needsFsck = true;
        return draft.volume();
    }

    /** The volume with its trouble over. */
    public Volume cleared(VolumeState next, Instant now) {
        Draft draft = new Draft(this);
        draft.state = next;
        draft.trouble = Optional.empty();
        draft.since = now;
        return draft.volume();
    }

    /** The volume with what an app or an operator states about it; its ownership is not touched. */
    public Volume under(VolumeSpec spec) {
        return new Volume(
                name,
                driver,
                state,
                exists,
                spec.request().access(),
                spec.takeover(),
                spec.reclaim(),
                spec.request().create(),
                exists ? options : spec.request().options(),
                fence,
                needsFsck,
                fsType,
                home,
                trouble,
                since);
    }

    /** The size it is, or will be, made with; empty when the plugin's default counts. */
    public Optional<Long> sizeGb() {
        return Optional.ofNullable(options.get("size")).map(Long::valueOf);
    }

    /** The zone that it was made for, if it was made for one. */
    public Optional<String> zone() {
        return Optional.ofNullable(options.get("availabilityzone"));
    }

    /** A volume on its way to its next form. */
    private static final class Draft {
        private final Volume of;
        private VolumeState state;
        private boolean exists;
        private long fence;
        private boolean needsFsck;
        private Optional<String> fsType;
        private Optional<MachineKey> home;
        private Optional<String> trouble;
        private Instant since;

        Draft(Volume from) {
            of = from;
            state = from.state;
            exists = from.exists;
            fence = from.fence;
            needsFsck = from.needsFsck;
            fsType = from.fsType;
            home = from.home;
            trouble = from.trouble;
            since = from.since;
        }

        Volume volume() {
            return new Volume(
                    of.name,
                    of.driver,
                    state,
                    exists,
                    of.access,
                    of.takeover,
                    of.reclaim,
                    of.create,
                    of.options,
                    fence,
                    needsFsck,
                    fsType,
                    home,
                    trouble,
                    since);
        }
    }
}
