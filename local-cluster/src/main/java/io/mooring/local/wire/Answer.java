package io.mooring.local.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.Map;
import java.util.TreeMap;

/** A whole HTTP answer: status, headers besides Date and Content-Length, body. */
public record Answer(int status, Map<String, String> headers, ByteString body) {
    private static final String TEXT = "text/plain; charset=utf-8";

    public Answer {
        headers = new TreeMap<>(headers);
    }

    /** The headers, sorted by name. */
    @Override
    public Map<String, String> headers() {
        return new TreeMap<>(headers);
    }

    /** The call is taken; what comes of it comes as events. */
    public static Answer accepted() {
        return new Answer(202, Map.of(), ByteString.EMPTY);
    }

    /** Done, nothing to say. */
    public static Answer ok() {
        return new Answer(200, Map.of(), ByteString.EMPTY);
    }

    /** Plain text, as all of Mesos' errors are. */
    public static Answer text(int status, String text) {
        return new Answer(status, Map.of("Content-Type", TEXT), ByteString.copyFromUtf8(text));
    }

    /** A message in the asked encoding. */
    public static Answer message(Encoding encoding, Message message) {
        return new Answer(
                200, Map.of("Content-Type", encoding.mediaType()), ByteString.copyFrom(encoding.encode(message)));
    }

    /** A JSON text of an endpoint that has no message. */
    public static Answer json(int status, String json) {
        return new Answer(status, Map.of("Content-Type", Encoding.JSON.mediaType()), ByteString.copyFromUtf8(json));
    }

    /** The call is of a type that Mesos knows and nobody implements. */
    public static Answer notImplemented() {
        return text(501, "501 Not Implemented.");
    }

    /** Nobody serves this path. */
    public static Answer notFound() {
        return text(404, "404 Not Found.");
    }

    /** Wrong method, in libprocess' words. */
    public static Answer methodNotAllowed(String received) {
        Answer plain =
                text(405, "405 Method Not Allowed. Expecting one of { 'POST' }, but received '" + received + "'.");
        return new Answer(405, Map.of("Allow", "POST", "Content-Type", TEXT), plain.body);
    }

    /** Who asks has to say who it is, in one of the ways that the challenge names. */
    public static Answer unauthorized(String challenge) {
        return new Answer(
                401,
                Map.of("Content-Type", TEXT, "WWW-Authenticate", challenge),
                ByteString.copyFromUtf8("401 Unauthorized."));
    }

    /** Ask there instead; the scheme stays that of the request. */
    public static Answer elsewhere(String location) {
        return new Answer(307, Map.of("Location", location), ByteString.EMPTY);
    }

    String bodyText() {
        return body.toStringUtf8();
    }
}
