package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectorsTest {
    private final HttpConnectorFactory api = new HttpConnectorFactory();
    private final HttpConnectorFactory admin = new HttpConnectorFactory();
    private final Connectors connectors = Connectors.of(server());

    private DefaultServerFactory server() {
        DefaultServerFactory server = new DefaultServerFactory();
        server.setApplicationConnectors(List.of(api));
        server.setAdminConnectors(List.of(admin));
        return server;
    }

    @Test
    void keepsAnApiWithoutUsersToThisMachine() {
        connectors.keepToThisMachine();
        assertThat(api.getBindHost()).isEqualTo("127.0.0.1");

        api.setBindHost("0.0.0.0");
        assertThatThrownBy(connectors::keepToThisMachine)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("0.0.0.0", "api: {users: FILE}");
    }

    @Test
    void keepsMetricsAndTasksToThisMachineUnlessAnAddressIsStated() {
        connectors.keepAdminToThisMachine();
        assertThat(admin.getBindHost()).isEqualTo("127.0.0.1");

        admin.setBindHost("10.0.0.1");
        connectors.keepAdminToThisMachine();
        assertThat(admin.getBindHost()).isEqualTo("10.0.0.1");
    }
}
