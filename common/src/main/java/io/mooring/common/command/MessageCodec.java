package io.mooring.common.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * The messages between scheduler and executor, and those of the claim service, as bytes: one JSON object, {@code {"v": 1, "type": ..., ...}}. A field
 * that this version does not know is ignored; one that it needs and misses is an error with the field's name.
 */
public final class MessageCodec {
    /** Mesos carries the bytes in one update, which the master keeps in memory. */
    public static final int MAX_BYTES = 256 * 1024;

    private static final int VERSION = 1;

    private final ObjectMapper json = new ObjectMapper();

    public byte[] encode(TaskOrder order) {
        return bytes(new OrderFields(json.createObjectNode()).write(order));
    }

    public byte[] encode(SchedulerMessage message) {
        return bytes(new MessageFields(json.createObjectNode()).write(message));
    }

    public byte[] encode(ExecutorReport report) {
        return bytes(new ReportFields(json.createObjectNode()).write(report));
    }

    public byte[] encode(ClaimOrder order) {
        return bytes(new ClaimFields(json.createObjectNode()).write(order));
    }

    public byte[] encode(ClaimAnswer answer) {
        return bytes(new ClaimFields(json.createObjectNode()).write(answer));
    }

    public TaskOrder decodeOrder(byte[] bytes) throws MalformedMessageException {
        return decode(bytes, OrderFields::read);
    }

    public SchedulerMessage decodeMessage(byte[] bytes) throws MalformedMessageException {
        return decode(bytes, MessageFields::read);
    }

    public ExecutorReport decodeReport(byte[] bytes) throws MalformedMessageException {
        return decode(bytes, ReportFields::read);
    }

    public ClaimOrder decodeClaimOrder(byte[] bytes) throws MalformedMessageException {
        return decode(bytes, ClaimFields::readOrder);
    }

    public ClaimAnswer decodeClaimAnswer(byte[] bytes) throws MalformedMessageException {
        return decode(bytes, ClaimFields::readAnswer);
    }

    private byte[] bytes(ObjectNode fields) {
        try {
            byte[] bytes = json.writeValueAsBytes(fields.put("v", VERSION));
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "a message of " + bytes.length + " bytes; at most " + MAX_BYTES + " are sent");
            }
            return bytes;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes cannot be written", e);
        }
    }

    private <T> T decode(byte[] bytes, Shape<T> shape) throws MalformedMessageException {
        if (bytes.length > MAX_BYTES) {
            throw new MalformedMessageException(
                    "a message of " + bytes.length + " bytes; at most " + MAX_BYTES + " are read");
        }
        try {
            JsonNode tree = json.readTree(bytes);
            if (tree == null || !tree.isObject()) {
                throw new MalformedMessageException("a message that is no JSON object");
            }
            Fields fields = new Fields(tree);
            if (fields.number("v") != VERSION) {
                throw new MalformedMessageException(
                        "a message of version " + fields.number("v") + "; this side speaks version " + VERSION);
            }
            return shape.read(fields);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new MalformedMessageException("malformed message: " + e.getOriginalMessage() + where, e);
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedMessageException("malformed message: " + e.getMessage(), e);
        }
    }

    private interface Shape<T> {
        T read(Fields fields);
    }
}
