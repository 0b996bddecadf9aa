package io.mooring.scheduler.marathon;

import io.mooring.common.container.DockerContainer;
import io.mooring.common.container.DockerContainer.Network;
import io.mooring.common.container.DockerContainer.Privilege;
import io.mooring.common.container.DockerContainer.Pull;
import io.mooring.common.container.DockerParameter;
import io.mooring.common.container.PortMapping;
import io.mooring.common.container.PortMapping.Transport;
import io.mooring.scheduler.definition.Definition.PortRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code container.docker}, in Marathon's old form with its network and ports in it, and in the new one beside it. */
final class DockerReader {
    private final Fields app;
    private final Optional<Fields> container;
    private final Optional<Fields> docker;
    private final ContainerPolicy policy;
    private final Network network;
    private final List<PortMapping> mappings = new ArrayList<>();
    private final List<PortRequest> ports = new ArrayList<>();

    DockerReader(Fields app, ContainerPolicy policy) {
        this.app = app;
        this.container = app.object("container");
        this.docker = container.flatMap(each -> each.object("docker"));
        this.policy = policy;
        this.network = hasImage() ? network(docker.orElseThrow()) : Network.HOST;
        if (hasImage()) {
            readMappings();
            mapOnePort();
            mapDeclaredPorts();
        }
    }

    /** Where an app with a network of its own does not speak of ports, it has one, as in Marathon. */
    private void mapOnePort() {
        boolean said = container.orElseThrow().has("portMappings")
                || docker.orElseThrow().has("portMappings");
        if (network == Network.BRIDGE && !said) {
            mappings.add(new PortMapping(0, 0, Transport.TCP));
            ports.add(new PortRequest(0, Optional.of("default")));
        }
    }

    /** More ports than mappings are more mappings, as in Marathon: the numbers are those of load balancers. */
    private void mapDeclaredPorts() {
        String form = app.has("portDefinitions") ? "portDefinitions" : "ports";
        for (int i = mappings.size();
                network == Network.BRIDGE && i < app.array(form).size();
                i++) {
            mappings.add(new PortMapping(0, 0, Transport.TCP));
            ports.add(new PortRequest(0, Optional.empty()));
        }
    }

    /** Whether the app is a container of the Docker Engine: it has an image. */
    boolean hasImage() {
        return docker.flatMap(each -> each.text("image")).isPresent();
    }

    /** The volumes that parameters name, and the parameters that are passed on. */
    DockerParameters parameters() {
        return docker.map(each -> DockerParameters.read(each, policy)).orElse(DockerParameters.NONE);
    }

    /** The container; empty for an app without an image, and for one whose errors are told. */
    Optional<DockerContainer> read(List<DockerParameter> parameters) {
        if (!hasImage()) {
            return Optional.empty();
        }
        container.orElseThrow().only("type", "docker", "volumes", "portMappings");
        Fields fields = docker.orElseThrow();
        fields.only("image", "network", "portMappings", "parameters", "privileged", "forcePullImage");
        String type = container.orElseThrow().text("type").orElse("DOCKER");
        if (!type.equals("DOCKER")) {
            container.orElseThrow().error("type", "is " + type, "DOCKER: an image is run by the Docker Engine here");
        }
        Privilege privilege = fields.flag("privileged", false) ? Privilege.FULL : Privilege.USUAL;
        if (privilege == Privilege.FULL && policy.most() == Privilege.USUAL) {
            fields.error(
                    "privileged",
                    "is true, and a privileged container could use any volume of its agent without a claim",
                    "false, or docker.allowPrivileged in the scheduler's configuration");
        }
        try {
            return Optional.of(new DockerContainer(
                    fields.text("image").orElseThrow(),
                    fields.flag("forcePullImage", false) ? Pull.ALWAYS : Pull.IF_MISSING,
                    network,
                    bridged() ? mappings : List.of(),
                    parameters,
                    privilege));
        } catch (IllegalArgumentException e) {
            fields.error("image", e.getMessage(), "such as nginx:1.25");
            return Optional.empty();
        }
    }

    /** One for each mapping, in their order; fixed where the app says which. */
    List<PortRequest> ports() {
        return ports;
    }

    /** Whether it has a network of its own, so that its ports are those of its mappings. */
    boolean bridged() {
        return hasImage() && network == Network.BRIDGE;
    }

    private Network network(Fields fields) {
        List<Fields> networks = app.objects("networks");
        if (!networks.isEmpty() && fields.has("network")) {
            fields.error("network", "and 'networks' are both set", "one of them");
        }
        if (networks.isEmpty()) {
            return old(fields);
        }
        String mode = networks.get(0).text("mode").orElse("container");
        return switch (mode) {
            case "host" -> Network.HOST;
            case "container/bridge" -> Network.BRIDGE;
            default -> {
                networks.get(0).error("mode", "is " + mode, "host or container/bridge");
                yield Network.HOST;
            }
        };
    }

    private static Network old(Fields fields) {
        String network = fields.text("network").orElse("HOST");
        return switch (network) {
            case "HOST" -> Network.HOST;
            case "BRIDGE" -> Network.BRIDGE;
            case "NONE" -> Network.NONE;
            default -> {
                fields.error("network", "is " + network, "BRIDGE, HOST or NONE");
                yield Network.HOST;
            }
        };
    }

    private void readMappings() {
        PortNames names = new PortNames();
        for (Fields mapping : mappingFields()) {
            mapping.only("containerPort", "hostPort", "servicePort", "protocol", "name", "labels");
            int hostPort = mapping.count("hostPort", 0, 65535, 0);
            mappings.add(new PortMapping(mapping.count("containerPort", 0, 65535, 0), hostPort, transport(mapping)));
            ports.add(new PortRequest(hostPort, names.read(mapping)));
        }
    }

    private static Transport transport(Fields mapping) {
        String protocol = mapping.text("protocol").orElse("tcp");
        return switch (protocol) {
            case "tcp" -> Transport.TCP;
            case "udp" -> Transport.UDP;
            case "udp,tcp", "tcp,udp" -> Transport.BOTH;
            default -> {
                mapping.error("protocol", "is " + protocol, "tcp, udp or udp,tcp");
                yield Transport.TCP;
            }
        };
    }

    private List<Fields> mappingFields() {
        List<Fields> old = docker.map(each -> each.objects("portMappings")).orElse(List.of());
        List<Fields> beside =
                container.map(each -> each.objects("portMappings")).orElse(List.of());
        if (!old.isEmpty() && !beside.isEmpty()) {
            container
                    .orElseThrow()
                    .error("portMappings", "cannot specify both portMappings and docker.portMappings", "one of them");
        }
        return old.isEmpty() ? beside : old;
    }
}
