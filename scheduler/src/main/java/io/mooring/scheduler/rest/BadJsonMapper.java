package io.mooring.scheduler.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A body that is no JSON: where, and what the parser found there. */
public final class BadJsonMapper implements ExceptionMapper<JsonProcessingException> {
    @Context
    private UriInfo uri;

    @Override
    public Response toResponse(JsonProcessingException exception) {
        String where = exception.getLocation() == null
                ? ""
                : " at line " + exception.getLocation().getLineNr() + ", column "
                        + exception.getLocation().getColumnNr();
        String what = exception.getOriginalMessage() + where;
        if (uri != null && uri.getPath().startsWith("v1")) {
            return Problem.of(400, "the body is no JSON: " + what, List.of(), "/" + uri.getPath());
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("message", "Invalid JSON");
        body.put("details", what);
        return Response.status(400)
                .type(MediaType.APPLICATION_JSON)
                .entity(body)
                .build();
    }
}
