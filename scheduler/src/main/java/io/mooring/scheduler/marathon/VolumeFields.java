package io.mooring.scheduler.marathon;

import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.FieldError;
import java.util.List;
import java.util.Map;

/**
 * Where in a definition a volume's facts stand, so that what is wrong with a volume is told at the field that the user
 * wrote, whichever of the three forms it is.
 */
record VolumeFields(String name, String driver, String size) {
    /** The refusal with its paths as the user knows them. */
    static <T> Answer.Refused<T> locate(Answer.Refused<T> refused, List<VolumeFields> volumes) {
        return new Answer.Refused<>(
                refused.why(),
                refused.what(),
                refused.errors().stream().map(error -> locate(error, volumes)).toList());
    }

    private static FieldError locate(FieldError error, List<VolumeFields> volumes) {
        for (int i = 0; i < volumes.size(); i++) {
            String path = volumes.get(i).paths("/volumes(" + i + ")").get(error.path());
            if (path != null) {
                return error.at(path);
            }
        }
        return error;
    }

    private Map<String, String> paths(String volume) {
        return Map.of(volume + "/name", name, volume + "/driver", driver, volume + "/options/size", size);
    }
}
