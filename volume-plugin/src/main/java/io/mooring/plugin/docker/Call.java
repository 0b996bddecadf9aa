package io.mooring.plugin.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;

/** One method of the plugin: takes the request's JSON object, fills the answer's. */
public interface Call {
    /**
     * Carries out one request.
     *
     * @param request the body of the request, an empty object when there was none
     * @param answer what is sent back; the key {@code Err} is added by the caller
     * @throws BadRequestException when the request cannot be understood
     * @throws VolumeException when it was not carried out
     */
    void answer(JsonNode request, ObjectNode answer) throws BadRequestException, VolumeException, IOException;
}
