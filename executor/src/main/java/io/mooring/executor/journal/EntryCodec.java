package io.mooring.executor.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.command.MalformedMessageException;
import io.mooring.common.command.MessageCodec;
import io.mooring.common.command.TaskOrder;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.mount.MountFacts;
import io.mooring.executor.mount.MountKind;
import io.mooring.executor.mount.VolumeStep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A journal entry as lines of JSON: the first has the claim, each further one a step. A line that was cut by a crash is
 * the last, and its step was not begun.
 */
final class EntryCodec {
    private final ObjectMapper json = new ObjectMapper();
    private final MessageCodec messages = new MessageCodec();

    byte[] firstLine(JournalEntry entry) {
        ObjectNode node = json.createObjectNode();
        node.put("task", entry.task().value());
        node.put("machine", entry.machine().value()).put("boot", entry.boot().value());
        // The claim is written in the form of the order that a clean-up would bring.
        byte[] order = messages.encode(new TaskOrder.CleanUp(0, List.of(entry.volume())));
        node.put("claim", new String(order, StandardCharsets.UTF_8));
        return line(node);
    }

    byte[] stepLine(VolumeStep step, Optional<MountFacts> facts) {
        ObjectNode node = json.createObjectNode().put("step", step.name());
        facts.ifPresent(seen -> write(node.putObject("mount"), seen));
        return line(node);
    }

    /** Says the step again, for readers that know nothing of containers. */
    byte[] containerLine(VolumeStep step, String name) {
        return line(json.createObjectNode().put("step", step.name()).put("container", name));
    }

    JournalEntry read(String text) throws IOException {
        String[] lines = text.split("\n", -1);
        JournalEntry entry = first(json.readTree(lines[0]));
        // What follows the last line feed is a line that was cut.
        for (int i = 1; i < lines.length - 1; i++) {
            JsonNode node = json.readTree(lines[i]);
            entry = entry.at(VolumeStep.valueOf(node.path("step").asText()), facts(node.path("mount")));
            entry = node.hasNonNull("container")
                    ? entry.in(node.path("container").asText())
                    : entry;
        }
        return entry;
    }

    private JournalEntry first(JsonNode node) throws IOException {
        try {
            byte[] order = node.path("claim").asText().getBytes(StandardCharsets.UTF_8);
            TaskOrder.CleanUp cleanUp = (TaskOrder.CleanUp) messages.decodeOrder(order);
            return new JournalEntry(
                    cleanUp.volumes().get(0),
                    new TaskId(node.path("task").asText()),
                    new MachineKey(node.path("machine").asText()),
                    new BootId(node.path("boot").asText()),
                    VolumeStep.INTENT,
                    Optional.empty());
        } catch (MalformedMessageException e) {
            throw new IOException("the claim in a journal entry cannot be read: " + e.getMessage(), e);
        }
    }

    private static void write(ObjectNode to, MountFacts facts) {
        to.put("path", facts.path()).put("root", facts.root());
        to.put("kind", facts.kind().name()).put("device", facts.device());
        to.put("source", facts.source()).put("fsType", facts.fsType()).put("fsRoot", facts.fsRoot());
        facts.backingFile().ifPresent(file -> to.put("backingFile", file));
    }

    private static Optional<MountFacts> facts(JsonNode node) {
        if (!node.isObject()) {
            return Optional.empty();
        }
        return Optional.of(new MountFacts(
                node.path("path").asText(),
                node.path("root").asText(),
                MountKind.valueOf(node.path("kind").asText()),
                node.path("device").asText(),
                node.path("source").asText(),
                node.path("fsType").asText(),
                node.path("fsRoot").asText(),
                node.hasNonNull("backingFile")
                        ? Optional.of(node.path("backingFile").asText())
                        : Optional.empty()));
    }

    private byte[] line(ObjectNode node) {
        return (node + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
