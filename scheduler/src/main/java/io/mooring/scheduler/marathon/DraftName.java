package io.mooring.scheduler.marathon;

import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.definition.VolumeSpec;
import java.util.Locale;
import java.util.Optional;

/**
 * A volume's name in an app: one volume, or with {@code {index}} in it one for each instance.
 *
 * @param first the volume, or the one of instance 0
 */
record DraftName(VolumeName first, Optional<String> template) {
    /** @throws IllegalArgumentException if it is neither a name nor a template of names; says why */
    static DraftName of(String written) {
        if (written == null || !written.contains(VolumeSpec.INDEX)) {
            return new DraftName(new VolumeName(written), Optional.empty());
        }
        if (written.indexOf(VolumeSpec.INDEX) != written.lastIndexOf(VolumeSpec.INDEX)) {
            throw new IllegalArgumentException(
                    "volume name '" + written + "' has " + VolumeSpec.INDEX + " more than once");
        }
        // Not only the first has to be a name, but the longest, too.
        new VolumeName(written.replace(VolumeSpec.INDEX, "000000")).key();
        return new DraftName(new VolumeName(written.replace(VolumeSpec.INDEX, "0")), Optional.of(written));
    }

    /** As its policies' labels name it, in lower case. */
    String key() {
        return template.map(name -> name.toLowerCase(Locale.ROOT)).orElseGet(first::key);
    }

    @Override
    public String toString() {
        return template.orElseGet(first::value);
    }
}
