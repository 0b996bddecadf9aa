package io.mooring.common.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is said between an executor and the claim service, as JSON fields. */
record ClaimFields(ObjectNode node) {
    ObjectNode write(ClaimOrder order) {
        node.put("id", order.id().value())
                .put("framework", order.framework().value())
                .put("task", order.task().value());
        order.agent().ifPresent(agent -> node.put("agent", agent.value()));
        node.put("machine", order.machine().value())
                .put("bootId", order.boot().value())
                .put("contact", order.contact().word());
        if (order.definition().isPresent()) {
            node.put("definition", order.definition().get());
        } else {
            var volumes = node.putArray("volumes");
            order.volumes().forEach(volume -> OrderFields.write(volumes.addObject(), volume));
        }
        ObjectNode marks = node.putObject("highWater");
        order.highWater().forEach((volume, fence) -> marks.put(volume.value(), fence));
        return node.put("highestEpoch", order.highestEpoch());
    }

    static ClaimOrder readOrder(Fields fields) {
        return new ClaimOrder(
                new ClaimId(fields.text("id")),
                new FrameworkId(fields.text("framework")),
                new TaskId(fields.text("task")),
                fields.optionalText("agent").map(AgentId::new),
                new MachineKey(fields.text("machine")),
                new BootId(fields.text("bootId")),
                fields.optionalText("contact").map(ClaimOrder.Contact::of).orElse(ClaimOrder.Contact.HEARTBEATS),
                fields.node().hasNonNull("volumes") ? fields.list("volumes", OrderFields::readRequest) : List.of(),
                fields.optionalObject("highWater").map(ClaimFields::marks).orElse(Map.of()),
                fields.optionalNumber("highestEpoch").orElse(0),
                fields.optionalText("definition"));
    }

    private static Map<VolumeName, Long> marks(Fields fields) {
        Map<VolumeName, Long> marks = new TreeMap<>();
        fields.node().fieldNames().forEachRemaining(name -> {
            long fence = fields.number(name);
            if (fence < 0 || marks.size() >= ClaimOrder.MOST_VOLUMES) {
                throw new IllegalArgumentException(
                        "field 'highWater' has a number below 0, or more than " + ClaimOrder.MOST_VOLUMES + " volumes");
            }
            marks.put(new VolumeName(name), fence);
        });
        return marks;
    }

    ObjectNode write(ClaimAnswer answer) {
        node.put("id", answer.id().value())
                .put("epoch", answer.epoch())
                .put("state", answer.state().name())
                .put("goal", answer.goal().name());
        OrderFields.write(node.putArray("volumes"), answer.volumes());
        return node.put("heartbeatMillis", answer.heartbeatEvery().toMillis())
                .put("suspectMillis", answer.suspectAfter().toMillis());
    }

    static ClaimAnswer readAnswer(Fields fields) {
        return new ClaimAnswer(
                new ClaimId(fields.text("id")),
                fields.number("epoch"),
                fields.word("state", ClaimAnswer.State.class),
                fields.word("goal", ClaimAnswer.Goal.class),
                fields.list("volumes", OrderFields::readVolume),
                Duration.ofMillis(fields.number("heartbeatMillis")),
                Duration.ofMillis(fields.number("suspectMillis")));
    }
}
