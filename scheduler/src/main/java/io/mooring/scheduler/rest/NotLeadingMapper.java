package io.mooring.scheduler.rest;

import io.mooring.scheduler.engine.NotLeadingException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.List;
import java.util.Map;

/** 503 while this scheduler cannot answer; it never answers from its own mirror. */
public final class NotLeadingMapper implements ExceptionMapper<NotLeadingException> {
    @Context
    private UriInfo uri;

    @Override
    public Response toResponse(NotLeadingException exception) {
        if (uri != null && uri.getPath().startsWith("v1")) {
            return Problem.of(503, exception.getMessage(), List.of(), "/" + uri.getPath());
        }
        return Response.status(503)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("message", exception.getMessage()))
                .build();
    }
}
