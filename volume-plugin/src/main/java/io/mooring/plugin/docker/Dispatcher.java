package io.mooring.plugin.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.plugin.volume.RefusedException;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns HTTP into calls and back, as REX-Ray 0.10 and later do: success is 200, a call that was not carried out 500, a
 * request that cannot be understood 400, an unknown method 404, and one of Mooring's own calls that asking again would not
 * help 409, each with {@code {"Err": text}}. The body is JSON
 * whatever its Content-Type says, because engines send none; a missing body is an empty object.
 */
public final class Dispatcher extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    static final String JSON = "application/vnd.docker.plugins.v1.1+json";
    private static final int MAX_BODY = 1 << 20;

    private final Map<String, Call> calls;
    private final ObjectMapper json = new ObjectMapper()
            .enable(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    /** Serves these methods, by path. */
    public Dispatcher(Map<String, Call> calls) {
        this.calls = new TreeMap<>(calls);
    }

    /** A request is answered once all of it is there, so that one that never comes to its end takes no thread. */
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Content.Source.asByteArrayAsync(request, MAX_BODY, new Promise.Invocable<>() {
            @Override
            public void succeeded(byte[] body) {
                answer(request, () -> body, response, callback);
            }

            @Override
            public void failed(Throwable failure) {
                answer(request, () -> refuse(failure), response, callback);
            }

            @Override
            public InvocationType getInvocationType() {
                return InvocationType.BLOCKING; // a call waits for programs
            }
        });
        return true;
    }

    /** The bytes of a request, or why there are none. */
    private interface Body {
        byte[] bytes() throws BadRequestException;
    }

    private static byte[] refuse(Throwable failure) throws BadRequestException {
        throw new BadRequestException(
                failure instanceof IOException
                        ? "the request broke off: " + failure.getMessage()
                        : "the request has more than " + MAX_BODY + " bytes");
    }

    private void answer(Request request, Body body, Response response, Callback callback) {
        try {
            ObjectNode answer = json.createObjectNode();
            int status = status(request, body, answer);
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
            response.write(true, ByteBuffer.wrap(json.writeValueAsBytes(answer)), callback);
        } catch (IOException | RuntimeException e) { // whatever it is, the caller must not wait for ever
            LOG.atError().setCause(e).log("Failed to answer {}", Request.getPathInContext(request));
            Response.writeError(request, response, callback, e);
        }
    }

    private int status(Request request, Body body, ObjectNode answer) {
        String path = Request.getPathInContext(request);
        Call call = calls.get(path);
        if (call == null) {
            return failed(answer, 404, "there is no method " + path);
        }
        if (!HttpMethod.POST.is(request.getMethod())) {
            return failed(answer, 405, path + " is called with POST, not with " + request.getMethod());
        }
        try {
            call.answer(object(body.bytes()), answer);
            answer.put("Err", "");
            return 200;
        } catch (BadRequestException e) {
            return failed(answer, 400, e.getMessage());
        } catch (RefusedException e) {
            LOG.atInfo()
                    .addKeyValue("call", path)
                    .addKeyValue("answer", e.getMessage())
                    .log("Refused");
            return failed(answer, 409, e.getMessage());
        } catch (VolumeException e) {
            LOG.atInfo()
                    .addKeyValue("call", path)
                    .addKeyValue("answer", e.getMessage())
                    .log("Not carried out");
            return failed(answer, 500, e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            LOG.atError().addKeyValue("call", path).setCause(e).log("The pool or the host failed");
            return failed(answer, 500, "the pool or the host failed: " + described(e));
        }
    }

    /** Where there is only a path, the kind of the exception says what is wrong with it. */
    private static String described(Exception failure) {
        boolean bare = failure instanceof FileSystemException file && file.getReason() == null;
        return bare ? failure.getClass().getSimpleName() + ": " + failure.getMessage() : failure.getMessage();
    }

    private JsonNode object(byte[] bytes) throws BadRequestException {
        if (new String(bytes, StandardCharsets.UTF_8).isBlank()) {
            return json.createObjectNode();
        }
        try {
            JsonNode node = json.readTree(bytes);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new BadRequestException("the request is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) { // bytes that are no text in any encoding
            throw new BadRequestException("the request is not JSON: " + e.getMessage());
        }
        throw new BadRequestException("the request must be a JSON object, such as {\"Name\": \"vol1\"}");
    }

    private static int failed(ObjectNode answer, int status, String message) {
        answer.removeAll();
        answer.put("Err", message);
        return status;
    }
}
