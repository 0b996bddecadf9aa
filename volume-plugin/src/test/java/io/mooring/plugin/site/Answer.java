package io.mooring.plugin.site;

import com.fasterxml.jackson.databind.JsonNode;

/** What the plugin answered: HTTP status and JSON body. */
public record Answer(int status, JsonNode body) {
    /** The error text, empty on success. */
    public String err() {
        return body.path("Err").asText();
    }

    /** The mount point of a Mount or Path call. */
    public String mountpoint() {
        return body.path("Mountpoint").asText();
    }
}
