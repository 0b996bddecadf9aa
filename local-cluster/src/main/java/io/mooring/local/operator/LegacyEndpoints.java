package io.mooring.local.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import io.mooring.local.master.Master;
import io.mooring.local.master.View;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.Encoding;
import io.mooring.local.wire.Endpoint;
import io.mooring.local.wire.Exchange;
import io.mooring.local.wire.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.maintenance.Protos.Schedule;

/** The endpoints without a version, which web interfaces and older tools read. */
final class LegacyEndpoints implements Endpoint {
    /** All of them; a master that does not lead sends their callers on. */
    static final Set<String> PATHS = Set.of(
            "/state",
            "/state-summary",
            "/slaves",
            "/frameworks",
            "/tasks",
            "/roles",
            "/flags",
            "/teardown",
            "/maintenance/schedule",
            "/maintenance/status",
            "/machine/up",
            "/machine/down",
            "/metrics/snapshot");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Master master;

    LegacyEndpoints(Master master) {
        this.master = master;
    }

    @Override
    public Optional<Answer> serve(Exchange exchange) throws RefusedException {
        return Optional.of(
                switch (exchange.path().replaceFirst("^/master/", "/")) {
                    case "/state" -> json(view -> view.legacy().state());
                    case "/state-summary" -> json(view -> view.legacy().summary());
                    case "/slaves" -> json(view -> view.legacy().slaves(exchange.parameter("slave_id")));
                    case "/frameworks" -> json(view -> view.legacy().frameworks(exchange.parameter("framework_id")));
                    case "/tasks" -> json(view -> view.legacy().tasks(exchange.parameter("framework_id")));
                    case "/roles" -> json(view -> view.legacy().roles());
                    case "/flags" -> json(LegacyEndpoints::flags);
                    case "/metrics/snapshot" -> json(LegacyEndpoints::metrics);
                    case "/teardown" -> teardown(exchange);
                    case "/maintenance/status" -> message(View::maintenanceStatus);
                    case "/maintenance/schedule" -> schedule(exchange);
                    case "/machine/down" -> master.orders().startMaintenance(machines(exchange));
                    case "/machine/up" -> master.orders().stopMaintenance(machines(exchange));
                    default -> Answer.notFound();
                });
    }

    private Answer json(Function<View, ObjectNode> question) {
        return Answer.json(200, master.read(question).toString());
    }

    private Answer message(Function<View, Message> question) {
        return Answer.message(Encoding.JSON, master.read(question));
    }

    private static ObjectNode flags(View view) {
        ObjectNode flags = JSON.createObjectNode();
        view.flags().forEach(flags.putObject("flags")::put);
        return flags;
    }

    private static ObjectNode metrics(View view) {
        ObjectNode metrics = JSON.createObjectNode();
        view.metrics().all(Instant.now()).forEach(metrics::put);
        return metrics;
    }

    private Answer teardown(Exchange exchange) throws RefusedException {
        postOnly(exchange);
        Optional<String> framework = exchange.parameter("frameworkId");
        if (framework.isEmpty()) {
            return Answer.text(400, "Missing 'frameworkId' query parameter");
        }
        boolean found = master.orders()
                .teardown(FrameworkID.newBuilder().setValue(framework.get()).build());
        return found ? Answer.ok() : Answer.text(400, "No framework found with specified ID");
    }

    private Answer schedule(Exchange exchange) throws RefusedException {
        if (exchange.method().equals("GET")) {
            return message(View::maintenanceSchedule);
        }
        postOnly(exchange);
        return master.orders().updateSchedule(Encoding.JSON.decode(exchange.body(), Schedule.getDefaultInstance()));
    }

    private static List<MachineID> machines(Exchange exchange) throws RefusedException {
        postOnly(exchange);
        List<MachineID> machines = new ArrayList<>();
        try {
            for (JsonNode each : JSON.readTree(exchange.body())) {
                byte[] text = each.toString().getBytes(StandardCharsets.UTF_8);
                machines.add(Encoding.JSON.decode(text, MachineID.getDefaultInstance()));
            }
        } catch (IOException e) {
            throw new RefusedException(Answer.text(400, "Failed to parse body into JSON: " + e.getMessage()), e);
        }
        return machines;
    }

    private static void postOnly(Exchange exchange) throws RefusedException {
        if (!exchange.method().equals("POST")) {
            throw new RefusedException(Answer.methodNotAllowed(exchange.method()));
        }
    }
}
