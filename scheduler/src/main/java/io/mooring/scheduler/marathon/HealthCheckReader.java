package io.mooring.scheduler.marathon;

import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.Probe;
import io.mooring.scheduler.definition.AppHealthCheck;
import io.mooring.scheduler.definition.AppHealthCheck.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads {@code healthChecks}, with Marathon's defaults and rules ({@code AppValidation}): of those that Mesos performs in
 * Marathon there is one at most, but for commands, of which Marathon takes several.
 */
final class HealthCheckReader {
    /** A day: what is asked more rarely is not looked after. */
    private static final int MOST_SECONDS = 24 * 3600;

    /** Each is a thread of its task's executor. */
    private static final int MOST_CHECKS = 20;

    private static final String PORT_INDEX =
            "Health check port indices must address an element of the ports array or container port mappings.";

    private final Fields app;
    private final int ports;

    /** @param ports how many the app has */
    HealthCheckReader(Fields app, int ports) {
        this.app = app;
        this.ports = ports;
    }

    /** What stands there twice is asked once: to Marathon the checks are a set. */
    List<AppHealthCheck> read() {
        List<Fields> written = app.objects("healthChecks");
        if (written.size() > MOST_CHECKS) {
            app.error("healthChecks", "has " + written.size() + " checks", "at most " + MOST_CHECKS);
            return List.of();
        }
        List<AppHealthCheck> checks =
                written.stream().map(this::check).distinct().toList();
        long mesos = checks.stream()
                .filter(check -> check.protocol().name().startsWith("MESOS_"))
                .count();
        if (mesos > 1) {
            app.error(
                    "healthChecks",
                    "AppDefinition can contain at most one Mesos health check",
                    "one of MESOS_HTTP, MESOS_HTTPS and MESOS_TCP, and the others as HTTP, HTTPS or TCP");
        }
        return checks;
    }

    private AppHealthCheck check(Fields check) {
        check.only(
                "protocol",
                "path",
                "port",
                "portIndex",
                "command",
                "gracePeriodSeconds",
                "intervalSeconds",
                "timeoutSeconds",
                "maxConsecutiveFailures",
                "delaySeconds",
                "ignoreHttp1xx",
                "ipProtocol");
        check.flag("ignoreHttp1xx", false);
        Protocol protocol = protocol(check);
        Optional<String> command = check.object("command").flatMap(object -> object.text("value"));
        Optional<Integer> port = check.has("port") ? Optional.of(check.count("port", 1, 65535, 1)) : Optional.empty();
        Optional<Integer> index = protocol == Protocol.COMMAND || (port.isPresent() && !check.has("portIndex"))
                ? Optional.empty()
                : Optional.of(check.count("portIndex", 0, 65535, 0));
        checkTarget(check, protocol, command, port, index);
        String path = check.text("path").orElse("/");
        return new AppHealthCheck(
                protocol,
                // Marathon asks for it with the slash that is missing.
                path.startsWith("/") ? path : "/" + path,
                index,
                port,
                command,
                family(check),
                new CheckRhythm(
                        seconds(check, "delaySeconds", 15),
                        seconds(check, "intervalSeconds", 60),
                        seconds(check, "timeoutSeconds", 20)),
                seconds(check, "gracePeriodSeconds", 300),
                check.count("maxConsecutiveFailures", 0, 1_000_000, 3));
    }

    private void checkTarget(
            Fields check,
            Protocol protocol,
            Optional<String> command,
            Optional<Integer> port,
            Optional<Integer> index) {
        if (protocol == Protocol.COMMAND) {
            if (command.filter(text -> !text.isBlank()).isEmpty()) {
                check.error("command", "is missing", "{\"value\": \"a command line\"} for the protocol COMMAND");
            }
            return;
        }
        if (command.isPresent()) {
            check.error("command", "is set, and the protocol is " + protocol, "the protocol COMMAND, or no command");
        }
        if (port.isPresent() && index.isPresent()) {
            check.error("port", "HealthCheck must specify either a port or a portIndex", "one of them");
        } else if (index.isPresent() && index.get() >= ports) {
            check.error("portIndex", PORT_INDEX, ports == 0 ? "'port', or ports of the app" : "at most " + (ports - 1));
        }
    }

    private static Protocol protocol(Fields check) {
        String word = check.text("protocol").orElse("HTTP");
        Optional<Protocol> known = Stream.of(Protocol.values())
                .filter(each -> each.name().equals(word))
                .findFirst();
        if (known.isEmpty()) {
            check.error("protocol", "is " + word, "HTTP, HTTPS, TCP, COMMAND, MESOS_HTTP, MESOS_HTTPS or MESOS_TCP");
        }
        return known.orElse(Protocol.HTTP);
    }

    private static Probe.Family family(Fields check) {
        String word = check.text("ipProtocol").orElse("IPv4");
        if (!word.equals("IPv4") && !word.equals("IPv6")) {
            check.error("ipProtocol", "is " + word, "IPv4 or IPv6");
        }
        return word.equals("IPv6") ? Probe.Family.IPV6 : Probe.Family.IPV4;
    }

    private static Duration seconds(Fields check, String field, int otherwise) {
        return Duration.ofSeconds(check.count(field, 0, MOST_SECONDS, otherwise));
    }
}
