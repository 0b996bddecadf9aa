package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/** Fills in what the parts of an app's lists left to Marathon's defaults. Put back, it changes nothing. */
final class ListDefaults {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int OK = 200;

    private ListDefaults() {}

    static void fill(ObjectNode view) {
        each(view.path("healthChecks"), ListDefaults::health);
        each(view.path("readinessChecks"), ListDefaults::readiness);
        each(view.path("fetch"), fetch -> {
            put(fetch, "extract", JSON.booleanNode(true));
            put(fetch, "executable", JSON.booleanNode(false));
            put(fetch, "cache", JSON.booleanNode(false));
        });
    }

    private static void health(ObjectNode check) {
        put(check, "protocol", JSON.textNode("HTTP"));
        put(check, "ipProtocol", JSON.textNode("IPv4"));
        put(check, "gracePeriodSeconds", JSON.numberNode(300));
        put(check, "intervalSeconds", JSON.numberNode(60));
        put(check, "timeoutSeconds", JSON.numberNode(20));
        put(check, "delaySeconds", JSON.numberNode(15));
        put(check, "maxConsecutiveFailures", JSON.numberNode(3));
        if (!check.get("protocol").asText().equals("COMMAND") && !check.hasNonNull("port")) {
            put(check, "portIndex", JSON.numberNode(0));
        }
    }

    private static void readiness(ObjectNode check) {
        put(check, "name", JSON.textNode("readinessCheck"));
        put(check, "protocol", JSON.textNode("HTTP"));
        put(check, "path", JSON.textNode("/"));
        put(check, "portName", JSON.textNode("http-api"));
        put(check, "intervalSeconds", JSON.numberNode(30));
        put(check, "timeoutSeconds", JSON.numberNode(10));
        put(check, "preserveLastResponse", JSON.booleanNode(false));
        if (!check.hasNonNull("httpStatusCodesForReady")) {
            check.putArray("httpStatusCodesForReady").add(OK);
        }
    }

    private static void put(ObjectNode to, String field, JsonNode otherwise) {
        if (!to.hasNonNull(field)) {
            to.set(field, otherwise);
        }
    }

    private static void each(JsonNode list, Consumer<ObjectNode> fill) {
        list.forEach(part -> {
            if (part instanceof ObjectNode object) {
                fill.accept(object);
            }
        });
    }
}
