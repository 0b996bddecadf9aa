package io.mooring.scheduler.rest;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.List;
import java.util.Map;

/** What the server refuses by itself, such as an unknown path or a body of the wrong type, in the API's own shapes. */
final class RefusalMapper implements ExceptionMapper<WebApplicationException> {
    @Context
    private UriInfo uri;

    @Override
    public Response toResponse(WebApplicationException exception) {
        int status = exception.getResponse().getStatus();
        if (status < 400) {
            return exception.getResponse();
        }
        String what = exception.getMessage();
        if (uri != null && uri.getPath().startsWith("v2")) {
            what = status == 404 ? "URI not found" : what.replaceFirst("^HTTP [0-9]{3} ", "");
        }
        if (uri != null && uri.getPath().startsWith("v1")) {
            return Problem.of(status, what, List.of(), "/" + uri.getPath());
        }
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("message", what))
                .build();
    }
}
