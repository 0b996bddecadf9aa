package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Fills in what events say of a deployment: its plan, and the step that they are about. As in Marathon since 1.8 the plan has
 * neither the groups before nor those after it, which made events as large as all apps together.
 */
final class DeploymentEvents {
    private DeploymentEvents() {}

    /** Of a step that begins, is done, or is given up. */
    static ObjectNode step(ObjectNode event, Map<String, String> facts) {
        event.set("plan", plan(facts));
        event.set("currentStep", step(facts.getOrDefault("actions", "")));
        return event;
    }

    /** Of a whole deployment that is over. */
    static ObjectNode end(ObjectNode event, Map<String, String> facts) {
        event.put("id", facts.get("deployment")).set("plan", plan(facts));
        return facts.containsKey("reason") ? event.put("reason", facts.get("reason")) : event;
    }

    private static ObjectNode plan(Map<String, String> facts) {
        ObjectNode plan = JsonNodeFactory.instance.objectNode().put("id", facts.get("deployment"));
        ArrayNode steps = plan.putArray("steps");
        for (String step : facts.getOrDefault("plan", "").split(";", -1)) {
            steps.add(step(step));
        }
        return plan.put("version", Times.ofNotice(facts.get("version")));
    }

    /** @param words as {@code ScaleApplication /shop/web,StopApplication /shop/db} */
    private static ObjectNode step(String words) {
        ObjectNode step = JsonNodeFactory.instance.objectNode();
        ArrayNode actions = step.putArray("actions");
        for (String action : words.split(",", -1)) {
            int blank = action.indexOf(' ');
            if (blank > 0) {
                actions.addObject().put("action", action.substring(0, blank)).put("app", action.substring(blank + 1));
            }
        }
        return step;
    }
}
