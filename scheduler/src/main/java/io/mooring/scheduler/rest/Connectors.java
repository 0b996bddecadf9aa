package io.mooring.scheduler.rest;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.util.List;

/**
 * The addresses that the server listens at, and who can reach them.
 *
 * @param application of the API
 * @param admin of metrics, health checks and tasks, which ask nobody who he is
 */
record Connectors(List<HttpConnectorFactory> application, List<HttpConnectorFactory> admin) {
    private static final String HERE = "127.0.0.1";

    static Connectors of(ServerFactory server) {
        if (server instanceof DefaultServerFactory factory) {
            return new Connectors(http(factory.getApplicationConnectors()), http(factory.getAdminConnectors()));
        }
        return server instanceof SimpleServerFactory factory
                ? new Connectors(http(List.of(factory.getConnector())), List.of())
                : new Connectors(List.of(), List.of());
    }

    private static List<HttpConnectorFactory> http(List<ConnectorFactory> connectors) {
        return connectors.stream()
                .filter(HttpConnectorFactory.class::isInstance)
                .map(HttpConnectorFactory.class::cast)
                .toList();
    }

    /** Without users everybody who reaches the API may do everything, so only this machine may reach it. */
    void keepToThisMachine() {
        for (HttpConnectorFactory http : application) {
            String host = http.getBindHost();
            if (host == null) {
                http.setBindHost(HERE);
            } else if (!host.startsWith("127.") && !host.equals("localhost") && !host.equals("::1")) {
                throw new IllegalArgumentException("server: bindHost " + host
                        + " lets others than this machine reach an API without users; name them in a file (api: {users:"
                        + " FILE}), or bind to 127.0.0.1");
            }
        }
    }

    /** Who states an address for it has thought of that. */
    void keepAdminToThisMachine() {
        admin.stream().filter(http -> http.getBindHost() == null).forEach(http -> http.setBindHost(HERE));
    }
}
