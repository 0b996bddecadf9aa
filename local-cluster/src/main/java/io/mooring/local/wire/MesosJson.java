package io.mooring.local.wire;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.List;

/**
 * Protobuf as Mesos writes it in JSON: proto field names, 64 bit integers as numbers, enums by name, bytes in base64.
 * The JSON mapping of protobuf itself differs in the first two, so it does not serve.
 */
public final class MesosJson {
    private MesosJson() {}

    /** The message as one line of JSON, set fields only, in the order of the field numbers' declaration. */
    public static String print(Message message) {
        return JsonPrinter.print(message);
    }

    /**
     * The message that the JSON describes; unknown fields and unknown enum names are ignored.
     *
     * @throws RefusedException 400 with Mesos' text
     */
    public static Message parse(byte[] json, Message prototype) throws RefusedException {
        String type = prototype.getDescriptorForType().getName();
        Object tree = tree(json);
        String where = "Failed to convert JSON into " + type + " protobuf: ";
        Message.Builder builder = prototype.newBuilderForType();
        try {
            JsonReader.merge(tree, builder);
        } catch (JsonReader.MismatchException e) {
            throw new RefusedException(Answer.text(400, where + e.getMessage()), e);
        }
        List<String> missing = builder.findInitializationErrors();
        if (!missing.isEmpty()) {
            throw RefusedException.of(400, where + "Missing required fields: " + String.join(", ", missing));
        }
        return builder.build();
    }

    private static Object tree(byte[] json) throws RefusedException {
        try {
            return JsonReader.tree(json);
        } catch (IOException e) {
            throw new RefusedException(
                    Answer.text(400, "Failed to parse body into JSON: syntax error at line 1 near: "), e);
        }
    }

    static String name(FieldDescriptor field) {
        return field.getName();
    }
}
