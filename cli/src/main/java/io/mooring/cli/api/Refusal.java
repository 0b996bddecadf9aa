package io.mooring.cli.api;

import com.fasterxml.jackson.databind.JsonNode;

/** A refusal's body in words, whether in Marathon's shape or a problem's. */
record Refusal(JsonNode body) {
    String words(int status) {
        StringBuilder words = new StringBuilder();
        String message = body.path("message").asText(body.path("detail").asText(""));
        words.append(message.isEmpty() ? "refused with status " + status : message);
        JsonNode details = body.path("details");
        if (details.isTextual()) {
            words.append(": ").append(details.asText());
        }
        for (JsonNode detail : details) {
            for (JsonNode error : detail.path("errors")) {
                words.append("\n  ")
                        .append(detail.path("path").asText())
                        .append(": ")
                        .append(error.asText());
            }
        }
        for (JsonNode error : body.path("errors")) {
            words.append("\n  ")
                    .append(error.path("path").asText())
                    .append(": ")
                    .append(error.path("what").asText());
            if (!error.path("expected").asText("").isEmpty()) {
                words.append("; expected: ").append(error.path("expected").asText());
            }
        }
        return words.toString();
    }
}
