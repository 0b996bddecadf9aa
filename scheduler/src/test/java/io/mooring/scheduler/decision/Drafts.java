package io.mooring.scheduler.decision;

import io.mooring.common.container.DockerContainer;
import io.mooring.common.container.DockerContainer.Network;
import io.mooring.common.container.DockerContainer.Privilege;
import io.mooring.common.container.DockerContainer.Pull;
import io.mooring.common.container.PortMapping;
import io.mooring.common.container.PortMapping.Transport;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.decision.AppRequests.Draft;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Backoff;
import io.mooring.scheduler.definition.Constraint;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.Definition.PortRequest;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.definition.Upkeep;
import io.mooring.scheduler.definition.VolumeSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes apps for scenarios: one small task, and what a test adds to it. */
final class Drafts {
    private final AppId id;
    private final List<VolumeSpec> volumes = new ArrayList<>();
    private final List<PortRequest> ports = new ArrayList<>();
    private final List<Constraint> constraints = new ArrayList<>();
    private final Map<String, String> environment = new TreeMap<>();
    private final Map<String, String> labels = new TreeMap<>();
    private List<String> roles = List.of();
    private Resources resources = new Resources(0.5, 64, 0);
    private int instances = 1;
    private Optional<DockerContainer> container = Optional.empty();
    private Upkeep upkeep = Upkeep.USUAL;

    private Drafts(String id) {
        this.id = new AppId(id);
    }

    static Drafts app(String id) {
        return new Drafts(id);
    }

    static Draft withVolume(String id, String volume) {
        return app(id).volume(volume).draft();
    }

    static VolumeSpec spec(String driver, String name, ReclaimPolicy reclaim, Map<String, String> options) {
        return new VolumeSpec(
                new VolumeRequest(
                        new DriverName(driver),
                        new VolumeName(name),
                        options,
                        Optional.empty(),
                        MountMode.READ_WRITE,
                        AccessMode.SINGLE_WRITER,
                        CreatePolicy.IF_MISSING),
                TakeoverPolicy.EVIDENCE,
                reclaim);
    }

    Drafts volume(String name) {
        return volume(spec("loop", name, ReclaimPolicy.RETAIN, Map.of()));
    }

    Drafts volume(String name, TakeoverPolicy takeover) {
        VolumeSpec usual = spec("loop", name, ReclaimPolicy.RETAIN, Map.of());
        return volume(new VolumeSpec(usual.request(), takeover, usual.reclaim()));
    }

    Drafts volume(String driver, String name, AccessMode access, MountMode mode) {
        VolumeRequest request = new VolumeRequest(
                new DriverName(driver),
                new VolumeName(name),
                Map.of(),
                Optional.of("/data"),
                mode,
                access,
                CreatePolicy.IF_MISSING);
        return volume(new VolumeSpec(request, TakeoverPolicy.EVIDENCE, ReclaimPolicy.RETAIN));
    }

    /** A volume for each instance; {@code {index}} stands in the name. */
    Drafts numbered(String template) {
        VolumeSpec first = spec("loop", template.replace(VolumeSpec.INDEX, "0"), ReclaimPolicy.DELETE, Map.of());
        return volume(new VolumeSpec(first.request(), first.takeover(), first.reclaim(), Optional.of(template)));
    }

    Drafts volume(VolumeSpec spec) {
        volumes.add(spec);
        return this;
    }

    Drafts instances(int wanted) {
        instances = wanted;
        return this;
    }

    Drafts resources(double cpus, double memMb) {
        resources = new Resources(cpus, memMb, 0);
        return this;
    }

    Drafts port(int fixed) {
        ports.add(new PortRequest(fixed, Optional.empty()));
        return this;
    }

    Drafts constraint(String field, Constraint.Operator operator, String value) {
        constraints.add(new Constraint(field, operator, Optional.ofNullable(value)));
        return this;
    }

    Drafts role(String accepted) {
        roles = List.of(accepted);
        return this;
    }

    /** Runs in a container, whose port 80 is each of the ports that it has so far. */
    Drafts image(String image) {
        container = Optional.of(new DockerContainer(
                image,
                Pull.IF_MISSING,
                Network.BRIDGE,
                ports.stream()
                        .map(port -> new PortMapping(80, port.fixed(), Transport.TCP))
                        .toList(),
                List.of(),
                Privilege.USUAL));
        return this;
    }

    Drafts upkeep(Upkeep its) {
        upkeep = its;
        return this;
    }

    Drafts env(String key, String value) {
        environment.put(key, value);
        return this;
    }

    Drafts label(String key, String value) {
        labels.put(key, value);
        return this;
    }

    Draft draft() {
        Definition definition = new Definition(
                Optional.of("sleep 1000"),
                List.of(),
                Optional.empty(),
                resources,
                ports,
                environment,
                labels,
                constraints,
                roles,
                volumes,
                List.of(),
                new Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(5)),
                Duration.ofSeconds(3),
                container,
                upkeep);
        return new Draft(id, instances, definition, Optional.empty(), "{\"id\":\"" + id + "\"}");
    }
}
