package io.mooring.common.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A container that the Docker Engine of an agent runs for a task. What it may use of its agent is in {@code parameters}
 * only, each of which stands on the allow list; volumes are not in here, they are claimed.
 *
 * @param ports what is reached from outside; empty except in a bridge network
 */
public record DockerContainer(
        String image,
        Pull pull,
        Network network,
        List<PortMapping> ports,
        List<DockerParameter> parameters,
        Privilege privilege) {
    private static final int LONGEST_IMAGE = 500;

    /** When the image is brought to the agent. */
    public enum Pull {
        IF_MISSING,
        ALWAYS
    }

    /** Which network the container is in. */
    public enum Network {
        /** The engine's default bridge, with ports of the host forwarded. */
        BRIDGE,
        /** The host's own. */
        HOST,
        /** None but a loopback. */
        NONE
    }

    /** Whether the container may do on the agent all that root may. */
    public enum Privilege {
        USUAL,
        FULL
    }

    /** @throws IllegalArgumentException if the image's name is none, or ports are mapped where none can be */
    public DockerContainer {
        Objects.requireNonNull(pull, "pull is null");
        Objects.requireNonNull(network, "network is null");
        Objects.requireNonNull(privilege, "privilege is null");
        ports = List.copyOf(ports);
        parameters = List.copyOf(parameters);
        if (image == null || !image.matches("[A-Za-z0-9][A-Za-z0-9._:/@+-]*") || image.length() > LONGEST_IMAGE) {
            throw new IllegalArgumentException(
                    "an image's name has letters, digits and . _ : / @ + - and at most " + LONGEST_IMAGE + " of them");
        }
        if (!ports.isEmpty() && network != Network.BRIDGE) {
            throw new IllegalArgumentException("ports are mapped in a bridge network only");
        }
    }

    /** The same container with the ports of its host, as the offer has them: one for each mapping, in order. */
    public DockerContainer on(List<Integer> hostPorts) {
        List<PortMapping> assigned = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            assigned.add(ports.get(i).on(hostPorts.get(i)));
        }
        return new DockerContainer(image, pull, network, assigned, parameters, privilege);
    }
}
