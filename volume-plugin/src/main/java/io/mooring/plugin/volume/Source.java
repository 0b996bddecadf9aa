package io.mooring.plugin.volume;

import io.mooring.common.volume.VolumeName;

/** What a new volume is a copy of. In a pool a name is the id, too. */
public sealed interface Source {
    VolumeName name();

    /** Another volume, as it is at that moment. */
    record OfVolume(VolumeName name) implements Source {
        @Override
        public String toString() {
            return "volume " + name;
        }
    }

    /** What a volume was once. */
    record OfSnapshot(VolumeName name) implements Source {
        @Override
        public String toString() {
            return "snapshot " + name;
        }
    }
}
