package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Fills in what events say of health checks and of the health of tasks. */
final class HealthEvents {
    private static final List<String> NUMBERS = List.of(
            "portIndex",
            "port",
            "gracePeriodSeconds",
            "intervalSeconds",
            "timeoutSeconds",
            "delaySeconds",
            "maxConsecutiveFailures");

    private HealthEvents() {}

    static ObjectNode added(ObjectNode event, Map<String, String> facts) {
        event.put("appId", facts.get("app")).put("version", Times.ofNotice(facts.get("version")));
        event.set("healthCheck", check(event.objectNode(), facts));
        return event;
    }

    static ObjectNode removed(ObjectNode event, Map<String, String> facts) {
        event.put("appId", facts.get("app"));
        event.set("healthCheck", check(event.objectNode(), facts));
        return event;
    }

    static ObjectNode failed(ObjectNode event, Map<String, String> facts) {
        event.put("appId", facts.get("app"))
                .put("taskId", facts.get("task"))
                .put("instanceId", facts.get("task"))
                .set("healthCheck", check(event.objectNode(), facts));
        return event;
    }

    static ObjectNode changed(ObjectNode event, Map<String, String> facts) {
        return event.put("appId", facts.get("app"))
                .put("instanceId", facts.get("task"))
                .put("taskId", facts.get("task"))
                .put("version", Times.ofNotice(facts.get("version")))
                .put("alive", alive(facts));
    }

    static ObjectNode instance(ObjectNode event, Map<String, String> facts) {
        return event.put("instanceId", facts.get("task"))
                .put("runSpecId", facts.get("app"))
                .put("runSpecVersion", Times.ofNotice(facts.get("version")))
                .put("healthy", alive(facts));
    }

    static ObjectNode ended(ObjectNode event, Map<String, String> facts) {
        return event.put("appId", facts.get("app"))
                .put("taskId", facts.get("task"))
                .put("instanceId", facts.get("task"))
                .put("version", Times.ofNotice(facts.get("version")))
                .put("reason", facts.get("reason"))
                .put("host", facts.get("host"))
                .put("slaveId", facts.get("agent"));
    }

    private static boolean alive(Map<String, String> facts) {
        return Boolean.parseBoolean(facts.get("alive"));
    }

    private static ObjectNode check(ObjectNode check, Map<String, String> facts) {
        check.put("protocol", facts.get("protocol"));
        if (facts.containsKey("path")) {
            check.put("path", facts.get("path"));
        }
        if (facts.containsKey("command")) {
            check.putObject("command").put("value", facts.get("command"));
        }
        NUMBERS.stream().filter(facts::containsKey).forEach(key -> check.put(key, Long.parseLong(facts.get(key))));
        return check;
    }
}
