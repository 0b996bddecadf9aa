package io.mooring.plugin.docker;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** A request that HTTP itself refuses is answered as every other that fails: {@code Err} is what callers look for. */
final class UnreadableRequest extends ErrorHandler {
    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    /** With the word that the connection ends, which Jetty leaves out where it ends it. */
    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        String words = "the request is no valid HTTP request: " + (message == null ? "refused" : message);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Dispatcher.JSON);
        response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
        String body = JsonNodeFactory.instance.objectNode().put("Err", words).toString();
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
    }
}
