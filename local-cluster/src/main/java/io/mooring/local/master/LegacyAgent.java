package io.mooring.local.master;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.local.legacy.AgentCapabilities;
import io.mooring.local.legacy.LegacyResources;
import io.mooring.local.legacy.Messages;
import io.mooring.local.legacy.Version;
import io.mooring.local.resource.Reservations;
import io.mooring.local.resource.Resources;
import java.util.List;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.Resource;

/** An agent as the endpoints without a version write it; there it is a slave. */
final class LegacyAgent {
    private LegacyAgent() {}

    static ObjectNode of(AgentInfo info) {
        return LegacyView.info(info);
    }

    static ObjectNode of(AgentEntry agent) {
        ObjectNode each = LegacyView.info(agent.info);
        each.put("pid", "slave(1)@127.0.0.1:" + agent.info.getPort());
        each.put("registered_time", Times.seconds(agent.registered));
        agent.reregistered.ifPresent(time -> each.put("reregistered_time", Times.seconds(time)));
        each.set("resources", LegacyResources.of(agent.total));
        each.set("used_resources", LegacyResources.of(agent.allocated()));
        each.set("offered_resources", LegacyResources.of(agent.offered()));
        ObjectNode reserved = each.putObject("reserved_resources");
        for (String role : Reservations.roles(agent.total)) {
            reserved.set(role, LegacyResources.of(reserved(agent, role)));
        }
        each.set("unreserved_resources", LegacyResources.of(unreserved(agent)));
        each.put("active", agent.isActive()).put("deactivated", agent.deactivated);
        each.put("version", Version.NUMBER);
        ArrayNode capabilities = each.putArray("capabilities");
        AgentCapabilities.all()
                .forEach(capability -> capabilities.add(capability.getType().name()));
        agent.drain.ifPresent(drain -> each.set("drain_info", Messages.json(drain)));
        agent.drainStarted.ifPresent(time -> each.put("estimated_drain_start_time_seconds", Times.seconds(time)));
        return each;
    }

    /** With every resource as a message, as {@code /slaves} gives it. */
    static ObjectNode full(AgentEntry agent) {
        ObjectNode each = of(agent);
        ObjectNode reserved = each.putObject("reserved_resources_full");
        for (String role : Reservations.roles(agent.total)) {
            reserved.set(role, messages(reserved(agent, role).inOrder()));
        }
        each.set("unreserved_resources_full", messages(unreserved(agent).inOrder()));
        each.set("used_resources_full", messages(agent.allocated().toList()));
        each.set("offered_resources_full", messages(agent.offered().toList()));
        return each;
    }

    private static Resources reserved(AgentEntry agent, String role) {
        return agent.total.only((Resource kind) -> Reservations.role(kind).equals(role));
    }

    private static Resources unreserved(AgentEntry agent) {
        return agent.total.only(kind -> !Reservations.isReserved(kind));
    }

    private static ArrayNode messages(List<Resource> resources) {
        return Messages.array(ResourceForms.forOperators(resources));
    }
}
