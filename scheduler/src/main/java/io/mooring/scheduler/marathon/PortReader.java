package io.mooring.scheduler.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.scheduler.definition.Definition.PortRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the ports that a task has on its host: {@code portDefinitions}, or {@code ports}, their old form. */
final class PortReader {
    private static final List<String> PROTOCOLS = List.of("tcp", "udp", "udp,tcp", "tcp,udp");

    private final Fields app;
    private final boolean fixed;

    PortReader(Fields app) {
        this.app = app;
        this.fixed = app.flag("requirePorts", false);
    }

    /** Without either form there is one port, of whatever number. */
    List<PortRequest> read() {
        List<Integer> plain = plain();
        List<Integer> numbers = new ArrayList<>();
        List<PortRequest> defined = defined(numbers);
        if (!plain.isEmpty() && !defined.isEmpty() && !plain.equals(numbers)) {
            app.error("ports", "cannot specify both ports and port definitions", "one of them, or the same in both");
        }
        if (app.has("portDefinitions") && (!app.has("ports") || !defined.isEmpty())) {
            return defined;
        }
        return app.has("ports")
                ? plain.stream()
                        .map(port -> new PortRequest(fixed ? port : 0, Optional.empty(), port))
                        .toList()
                : List.of(new PortRequest(0, Optional.empty()));
    }

    private List<Integer> plain() {
        List<Integer> ports = new ArrayList<>();
        JsonNode array = app.array("ports");
        for (int i = 0; i < array.size(); i++) {
            JsonNode port = array.get(i);
            if (!port.canConvertToInt() || port.intValue() < 0 || port.intValue() > 65535) {
                app.error("ports(" + i + ")", "is " + port, "a whole number from 0 to 65535");
            } else {
                ports.add(port.intValue());
            }
        }
        unique(ports, "ports");
        return ports;
    }

    private List<PortRequest> defined(List<Integer> numbers) {
        List<PortRequest> defined = new ArrayList<>();
        PortNames names = new PortNames();
        for (Fields definition : app.objects("portDefinitions")) {
            definition.only("port", "protocol", "name", "labels");
            int port = definition.count("port", 0, 65535, 0);
            String protocol = definition.text("protocol").orElse("tcp");
            if (!PROTOCOLS.contains(protocol)) {
                definition.error("protocol", "is " + protocol, "tcp, udp or udp,tcp");
            }
            numbers.add(port);
            defined.add(new PortRequest(fixed ? port : 0, names.read(definition), port));
        }
        unique(numbers, "portDefinitions");
        return defined;
    }

    /** Any number may be asked for again and again, a certain one only once. */
    private void unique(List<Integer> ports, String field) {
        List<Integer> certain = ports.stream().filter(port -> port != 0).toList();
        if (certain.stream().distinct().count() < certain.size()) {
            app.error(field, "Ports must be unique.", "each number other than 0 once");
        }
    }
}
