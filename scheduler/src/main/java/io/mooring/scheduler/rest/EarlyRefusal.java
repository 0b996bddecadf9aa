package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Requests that HTTP itself refuses, before any resource sees them, are told in the same form as all other refusals. */
final class EarlyRefusal extends ErrorHandler {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whatever was asked: without it there is no answer to a DELETE but its status. */
    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    /** With the word that the connection ends, which Jetty leaves out where it ends it; a client would send its next request there. */
    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        String detail = "the request is no valid HTTP request: " + (message == null ? "refused" : message)
                + "; a path is UTF-8, percent-encoded, without control characters";
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
        response.write(true, ByteBuffer.wrap(body(code, detail)), callback);
    }

    private static byte[] body(int code, String detail) {
        Map<String, Object> problem = new LinkedHashMap<>(Problem.body(code, detail, List.of(), null));
        problem.put("message", detail);
        try {
            return JSON.writeValueAsBytes(problem);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("strings and numbers can always be written", e);
        }
    }
}
