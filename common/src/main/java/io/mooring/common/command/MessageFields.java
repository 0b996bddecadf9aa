package io.mooring.common.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.command.SchedulerMessage.Deny;
import io.mooring.common.command.SchedulerMessage.Go;
import io.mooring.common.command.SchedulerMessage.Grant;
import io.mooring.common.command.SchedulerMessage.HandOver;
import io.mooring.common.command.SchedulerMessage.Superseded;
import io.mooring.common.ids.TaskId;

/** A {@link SchedulerMessage} as JSON fields. */
record MessageFields(ObjectNode node) {
    ObjectNode write(SchedulerMessage message) {
        node.put("task", message.task().value()).put("epoch", message.epoch());
        if (message instanceof Go go) {
            node.put("type", "go");
            var grants = node.putArray("grants");
            for (Grant grant : go.grants()) {
                grants.addObject().put("claim", grant.claim().value()).put("fence", grant.fence());
            }
        } else if (message instanceof Deny deny) {
            node.put("type", "deny").put("reason", deny.reason());
        } else if (message instanceof Superseded superseded) {
            node.put("type", "superseded")
                    .put("volume", superseded.volume().value())
                    .put("fence", superseded.fence());
        } else if (message instanceof HandOver) {
            node.put("type", "handOver");
        } else {
            throw new IllegalArgumentException("no form for " + message.getClass());
        }
        return node;
    }

    static SchedulerMessage read(Fields fields) {
        TaskId task = new TaskId(fields.text("task"));
        long epoch = fields.number("epoch");
        String type = fields.text("type");
        return switch (type) {
            case "go" -> new Go(task, epoch, fields.list("grants", g -> new Grant(g.claim(), g.number("fence"))));
            case "deny" -> new Deny(task, epoch, fields.text("reason"));
            case "superseded" -> new Superseded(task, epoch, fields.volume(), fields.number("fence"));
            case "handOver" -> new HandOver(task, epoch);
            default -> throw new IllegalArgumentException("a message of unknown type '" + type + "'");
        };
    }
}
