package io.mooring.local.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The two body encodings of the v1 API. The media type is compared exactly, as Mesos does: another letter case or a
 * charset parameter makes it another, unsupported type.
 */
public enum Encoding {
    JSON("application/json"),
    PROTOBUF("application/x-protobuf");

    private final String mediaType;

    Encoding(String mediaType) {
        this.mediaType = mediaType;
    }

    /** The value of Content-Type. */
    public String mediaType() {
        return mediaType;
    }

    /** The message in this encoding; required fields are not checked. */
    public byte[] encode(Message message) {
        return switch (this) {
            case JSON -> MesosJson.print(message).getBytes(StandardCharsets.UTF_8);
            case PROTOBUF -> message.toByteArray();
        };
    }

    /**
     * Reads a request body.
     *
     * @throws RefusedException 400 with Mesos' own text when the bytes are not such a message
     */
    public <M extends Message> M decode(byte[] body, M prototype) throws RefusedException {
        String type = prototype.getDescriptorForType().getName();
        if (this == JSON) {
            return cast(MesosJson.parse(body, prototype), prototype);
        }
        try {
            return cast(prototype.getParserForType().parseFrom(body), prototype);
        } catch (InvalidProtocolBufferException e) {
            throw new RefusedException(Answer.text(400, "Failed to parse body into " + type + " protobuf"), e);
        }
    }

    @SuppressWarnings("unchecked") // a parser and a builder give the type of their prototype
    private static <M extends Message> M cast(Message message, M prototype) {
        return (M) prototype.getClass().cast(message);
    }

    /**
     * The encoding of a request body, by its Content-Type.
     *
     * @throws RefusedException 400 without the header, 415 for another type
     */
    public static Encoding ofBody(Optional<String> contentType) throws RefusedException {
        if (contentType.isEmpty()) {
            throw new RefusedException(Answer.text(400, "Expecting 'Content-Type' to be present"));
        }
        for (Encoding encoding : values()) {
            if (encoding.mediaType.equals(contentType.get())) {
                return encoding;
            }
        }
        throw new RefusedException(
                Answer.text(415, "Expecting 'Content-Type' of application/json or application/x-protobuf"));
    }

    /**
     * The encoding of an answer, by Accept: JSON whenever it is acceptable, also when protobuf is named first.
     *
     * @throws RefusedException 406 when neither is acceptable
     */
    public static Encoding accepted(Optional<String> accept) throws RefusedException {
        for (Encoding encoding : values()) {
            if (accept.isEmpty() || allows(accept.get(), encoding.mediaType)) {
                return encoding;
            }
        }
        throw new RefusedException(
                Answer.text(406, "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'"));
    }

    private static boolean allows(String accept, String mediaType) {
        for (String item : accept.split(",")) {
            String[] parts = item.split(";");
            String range = parts[0].strip();
            boolean excluded = parts.length > 1 && parts[1].strip().matches("q=0(\\.0+)?");
            if (!excluded && (range.equals("*/*") || range.equals("application/*") || range.equals(mediaType))) {
                return true;
            }
        }
        return false;
    }
}
