package io.mooring.scheduler.definition;

import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import java.util.Locale;
import java.util.Optional;

/**
 * A volume as an app asks for it, with the policies that its {@code mooring/...} labels state.
 *
 * @param request for an app with a volume for each instance: the one of instance 0
 * @param template the name with {@code {index}} in it, where each instance has a volume of its own
 */
public record VolumeSpec(
        VolumeRequest request, TakeoverPolicy takeover, ReclaimPolicy reclaim, Optional<String> template) {
    /** What stands for the instance's number in a name. */
    public static final String INDEX = "{index}";

    /** One volume, whatever the number of instances. */
    public VolumeSpec(VolumeRequest request, TakeoverPolicy takeover, ReclaimPolicy reclaim) {
        this(request, takeover, reclaim, Optional.empty());
    }

    /** The volume of that instance. */
    public VolumeSpec of(int instance) {
        return template.map(name -> name.replace(INDEX, Integer.toString(instance)))
                .map(name -> new VolumeSpec(request.named(new VolumeName(name)), takeover, reclaim))
                .orElse(this);
    }

    /** Whether any instance has the volume of that name. */
    public boolean names(VolumeName volume) {
        if (template.isEmpty()) {
            return request.name().key().equals(volume.key());
        }
        String pattern = template.get().toLowerCase(Locale.ROOT);
        String before = pattern.substring(0, pattern.indexOf(INDEX));
        String after = pattern.substring(before.length() + INDEX.length());
        String key = volume.key();
        return key.length() > before.length() + after.length()
                && key.startsWith(before)
                && key.endsWith(after)
                && key.substring(before.length(), key.length() - after.length())
                        .chars()
                        .allMatch(Character::isDigit);
    }
}
