package io.mooring.local.wire;

import com.google.protobuf.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;

/** One request with its body read, and the way to answer it with a stream instead of a body. */
public final class Exchange {
    private final Request request;
    private final Response response;
    private final Callback done;
    private final byte[] body;
    private final Runnable keep;
    private boolean streaming;
    private Optional<String> principal = Optional.empty();

    /** @param keep the caller is to be answered, whatever becomes of the port */
    Exchange(Request request, Response response, Callback done, byte[] body, Runnable keep) {
        this.request = request;
        this.response = response;
        this.done = done;
        this.body = body;
        this.keep = keep;
    }

    /** The path without a trailing slash. */
    public String path() {
        String path = Request.getPathInContext(request);
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** The path and the query, as they came. */
    public String pathAndQuery() {
        return request.getHttpURI().getPathQuery();
    }

    /** The value of a parameter of the query or, for a form, of the body. */
    public Optional<String> parameter(String name) {
        Fields fields = new Fields(true);
        String query = request.getHttpURI().getQuery();
        if (query != null) {
            UrlEncoded.decodeTo(query, fields::add, StandardCharsets.UTF_8);
        }
        UrlEncoded.decodeTo(new String(body, StandardCharsets.UTF_8), fields::add, StandardCharsets.UTF_8);
        return Optional.ofNullable(fields.getValue(name));
    }

    public String method() {
        return request.getMethod();
    }

    /** Who calls; empty where nobody has to say. */
    public Optional<String> principal() {
        return principal;
    }

    void authenticated(String as) {
        principal = Optional.of(as);
    }

    /** What is wanted may close the port; the caller is to hear of it all the same. */
    public void answerInAnyCase() {
        keep.run();
    }

    /** The body as it came. */
    public byte[] body() {
        return body.clone();
    }

    /** The first header of that name, whatever its case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    /**
     * The call in the body.
     *
     * @throws RefusedException 405, 400, 415 or 500 with Mesos' text
     */
    public <M extends Message> M call(M prototype) throws RefusedException {
        if (!method().equals("POST")) {
            throw new RefusedException(Answer.methodNotAllowed(method()));
        }
        byte[] plain = header("Content-Encoding").filter("gzip"::equals).isPresent() ? unzipped() : body;
        return Encoding.ofBody(header("Content-Type")).decode(plain, prototype);
    }

    /** The encoding that Accept asks for. */
    public Encoding accepted() throws RefusedException {
        return Encoding.accepted(header("Accept"));
    }

    /** Answers 200 with an endless stream; nothing else may answer this exchange afterwards. */
    public EventSink stream(Encoding encoding, Map<String, String> headers) {
        streaming = true;
        response.setStatus(200);
        headers.forEach((name, value) -> response.getHeaders().put(name, value));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, encoding.mediaType());
        EventStream stream = new EventStream(encoding, request, response, done);
        stream.open();
        return stream;
    }

    boolean isStreaming() {
        return streaming;
    }

    private byte[] unzipped() throws RefusedException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] plain = in.readNBytes(HttpListener.MAX_BODY + 1);
            if (plain.length > HttpListener.MAX_BODY) {
                throw RefusedException.of(413, "The body is larger than " + HttpListener.MAX_BODY + " bytes");
            }
            return plain;
        } catch (IOException e) {
            throw new RefusedException(Answer.text(500, "failed to decode body"), e);
        }
    }
}
