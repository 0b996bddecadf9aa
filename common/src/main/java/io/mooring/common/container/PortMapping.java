package io.mooring.common.container;

import java.util.Objects;

/**
 * A port of the host that leads into a container.
 *
 * @param containerPort where the container listens; 0 for the host's number
 * @param hostPort 0 as long as no offer has given one
 */
public record PortMapping(int containerPort, int hostPort, Transport transport) {
    /** What is forwarded. */
    public enum Transport {
        TCP,
        UDP,
        BOTH
    }

    public PortMapping {
        Objects.requireNonNull(transport, "transport is null");
        requirePort("containerPort", containerPort);
        requirePort("hostPort", hostPort);
    }

    PortMapping on(int port) {
        return new PortMapping(containerPort == 0 ? port : containerPort, port, transport);
    }

    private static void requirePort(String what, int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(what + " " + port + ": expected 0 to 65535");
        }
    }
}
