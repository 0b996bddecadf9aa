package io.mooring.scheduler.rest;

import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.decision.Answer.FieldError;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/** Volume names in paths. */
final class Names {
    private Names() {}

    static Optional<VolumeName> volume(String name) {
        try {
            return Optional.of(new VolumeName(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Response unknownVolume(String name, String below) {
        String printable = name.replaceAll("[^A-Za-z0-9_./-]", "?");
        List<FieldError> wrong = volume(name).isPresent()
                ? List.of()
                : List.of(new FieldError("/name", "'" + printable + "' is no volume name", VolumeName.FORM_IN_WORDS));
        return Problem.of(404, "volume '" + printable + "' is not known", wrong, "/v1/volumes/" + printable + below);
    }
}
