package io.mooring.common.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.health.HealthRules;
import io.mooring.common.health.Probe;
import java.time.Duration;
import java.util.List;

/** The health checks of an order as JSON fields. */
final class HealthFields {
    private static final String LIST = "furtherChecks";

    private HealthFields() {}

    /** Nothing where there are none, so that the usual order has its usual form. */
    static void write(ObjectNode to, List<HealthCheck> checks) {
        if (!checks.isEmpty()) {
            var array = to.putArray(LIST);
            checks.forEach(check -> write(array.addObject(), check));
        }
    }

    static List<HealthCheck> read(Fields fields) {
        return fields.node().hasNonNull(LIST) ? fields.list(LIST, HealthFields::readCheck) : List.of();
    }

    private static void write(ObjectNode to, HealthCheck check) {
        to.put("delayMillis", check.rhythm().delay().toMillis())
                .put("intervalMillis", check.rhythm().interval().toMillis())
                .put("timeoutMillis", check.rhythm().timeout().toMillis())
                .put("graceMillis", check.rules().grace().toMillis())
                .put("consecutiveFailures", check.rules().consecutiveFailures());
        Probe probe = check.probe();
        if (probe instanceof Probe.Http http) {
            to.put("type", "http").put("scheme", http.scheme()).put("path", http.path());
            to.put("family", http.family().name()).put("port", http.port());
        } else if (probe instanceof Probe.Tcp tcp) {
            to.put("type", "tcp").put("family", tcp.family().name()).put("port", tcp.port());
        } else {
            Probe.Program program = (Probe.Program) probe;
            program.argv().forEach(to.put("type", "program").putArray("argv")::add);
            program.environment().forEach(to.putObject("environment")::put);
        }
    }

    private static HealthCheck readCheck(Fields fields) {
        return new HealthCheck(
                readProbe(fields),
                new CheckRhythm(
                        millis(fields, "delayMillis"),
                        millis(fields, "intervalMillis"),
                        millis(fields, "timeoutMillis")),
                new HealthRules(
                        millis(fields, "graceMillis"),
                        Math.toIntExact(Math.min(fields.number("consecutiveFailures"), Integer.MAX_VALUE))));
    }

    private static Probe readProbe(Fields fields) {
        String type = fields.text("type");
        return switch (type) {
            case "http" ->
                new Probe.Http(
                        fields.text("scheme"),
                        fields.word("family", Probe.Family.class),
                        port(fields),
                        fields.text("path"));
            case "tcp" -> new Probe.Tcp(fields.word("family", Probe.Family.class), port(fields));
            case "program" -> new Probe.Program(fields.texts("argv"), fields.textMap("environment"));
            default -> throw new IllegalArgumentException("a health check of unknown type '" + type + "'");
        };
    }

    private static int port(Fields fields) {
        return fields.optionalCount("port").orElse(0);
    }

    private static Duration millis(Fields fields, String field) {
        return Duration.ofMillis(fields.number(field));
    }
}
