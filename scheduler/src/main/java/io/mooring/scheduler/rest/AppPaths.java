package io.mooring.scheduler.rest;

import io.mooring.scheduler.definition.AppId;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** App ids in paths: with or without the leading slash, as Marathon's clients send them. */
final class AppPaths {
    private AppPaths() {}

    static Optional<AppId> id(String path) {
        try {
            return Optional.of(AppId.of("/" + path.replaceAll("^/+", "").replaceAll("/+$", "")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Response unknown(String path, String below) {
        return Problem.of(404, message(path), List.of(), "/v1/apps/" + printable(path) + below);
    }

    static Response unknownToMarathon(String path) {
        return Response.status(404)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("message", message(path)))
                .build();
    }

    private static String message(String path) {
        return "App '/" + printable(path) + "' does not exist";
    }

    private static String printable(String path) {
        return path.replaceAll("^/+", "").replaceAll("[^A-Za-z0-9_./-]", "?");
    }
}
