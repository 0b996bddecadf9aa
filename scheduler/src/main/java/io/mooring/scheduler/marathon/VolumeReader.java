package io.mooring.scheduler.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.definition.VolumeSpec;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads a volume that is declared by itself: {@code {name, driver, options, accessMode, takeover, reclaim}}. */
public final class VolumeReader {
    private VolumeReader() {}

    public static Answer<VolumeSpec> read(JsonNode json) {
        if (json == null || !json.isObject()) {
            return Answer.refused(Answer.Why.INVALID, "the body has to be an object with name and driver");
        }
        Fields fields = Fields.root(json);
        fields.only("name", "driver", "options", "accessMode", "takeover", "reclaim");
        Optional<VolumeName> name = Volumes.name(fields.text("name").orElse(null), fields, "name");
        Optional<DriverName> driver = Volumes.driver(fields.text("driver").orElse(null), fields, "driver");
        Map<String, String> options =
                Volumes.options(fields.textMap("options", "a text"), fields, key -> "options/" + key);
        AccessMode access = word(fields, "accessMode", AccessMode::of, AccessMode.SINGLE_WRITER);
        TakeoverPolicy takeover = word(fields, "takeover", TakeoverPolicy::of, TakeoverPolicy.EVIDENCE);
        ReclaimPolicy reclaim = word(fields, "reclaim", ReclaimPolicy::of, ReclaimPolicy.RETAIN);
        if (!fields.errors().isEmpty() || name.isEmpty() || driver.isEmpty()) {
            return Answer.invalid(fields.errors());
        }
        VolumeRequest request = new VolumeRequest(
                driver.get(),
                name.get(),
                options,
                Optional.empty(),
                MountMode.READ_WRITE,
                access,
                CreatePolicy.IF_MISSING);
        return Answer.ok(new VolumeSpec(request, takeover, reclaim));
    }

    /** The same volume on another plugin. */
    public static VolumeSpec on(DriverName driver, VolumeSpec spec) {
        return new VolumeSpec(spec.request().on(driver), spec.takeover(), spec.reclaim(), spec.template());
    }

    /** The same volume, which the backend has to have already. */
    public static VolumeSpec existing(VolumeSpec spec) {
        VolumeRequest request = spec.request();
        return new VolumeSpec(
                new VolumeRequest(
                        request.driver(),
                        request.name(),
                        request.options(),
                        request.containerPath(),
                        request.mode(),
                        request.access(),
                        CreatePolicy.NEVER),
                spec.takeover(),
                spec.reclaim());
    }

    private static <E> E word(Fields fields, String field, Function<String, E> of, E otherwise) {
        Optional<String> written = fields.text(field);
        if (written.isEmpty()) {
            return otherwise;
        }
        try {
            return of.apply(written.get());
        } catch (IllegalArgumentException e) {
            fields.error(field, e.getMessage(), "one of those");
            return otherwise;
        }
    }
}
