package io.mooring.common.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.container.DockerContainer;
import io.mooring.common.container.DockerContainer.Network;
import io.mooring.common.container.DockerContainer.Privilege;
import io.mooring.common.container.DockerContainer.Pull;
import io.mooring.common.container.DockerOption;
import io.mooring.common.container.DockerParameter;
import io.mooring.common.container.PortMapping;

/** A {@link DockerContainer} as JSON fields. */
final class ContainerFields {
    private ContainerFields() {}

    static void write(ObjectNode to, DockerContainer container) {
        to.put("image", container.image()).put("pull", container.pull().name());
        to.put("network", container.network().name())
                .put("privilege", container.privilege().name());
        ArrayNode ports = to.putArray("ports");
        for (PortMapping port : container.ports()) {
            ports.addObject()
                    .put("containerPort", port.containerPort())
                    .put("hostPort", port.hostPort())
                    .put("transport", port.transport().name());
        }
        ArrayNode parameters = to.putArray("parameters");
        for (DockerParameter parameter : container.parameters()) {
            parameters.addObject().put("key", parameter.option().key()).put("value", parameter.value());
        }
    }

    static DockerContainer read(Fields fields) {
        return new DockerContainer(
                fields.text("image"),
                fields.word("pull", Pull.class),
                fields.word("network", Network.class),
                fields.list("ports", ContainerFields::readPort),
                fields.list("parameters", ContainerFields::readParameter),
                fields.word("privilege", Privilege.class));
    }

    private static PortMapping readPort(Fields fields) {
        return new PortMapping(
                Math.toIntExact(fields.number("containerPort")),
                Math.toIntExact(fields.number("hostPort")),
                fields.word("transport", PortMapping.Transport.class));
    }

    private static DockerParameter readParameter(Fields fields) {
        String key = fields.text("key");
        DockerOption option = DockerOption.of(key)
                .orElseThrow(() -> new IllegalArgumentException("a container's option of unknown name '" + key + "'"));
        return new DockerParameter(option, fields.text("value"));
    }
}
