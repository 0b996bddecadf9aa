package io.mooring.common.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.command.TaskOrder.CreateVolume;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.command.TaskOrder.InspectAgent;
import io.mooring.common.command.TaskOrder.Limits;
import io.mooring.common.command.TaskOrder.ObserveVolumes;
import io.mooring.common.command.TaskOrder.Predecessor;
import io.mooring.common.command.TaskOrder.RemoveVolume;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.command.TaskOrder.Workload;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.RootAccess;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A {@link TaskOrder} as JSON fields. */
record OrderFields(ObjectNode node) {
    ObjectNode write(TaskOrder order) {
        node.put("epoch", order.epoch());
        if (order instanceof RunWorkload run) {
            node.put("type", "run");
            write(node.putObject("workload"), run.workload());
            writeVolumes(run.volumes());
            HealthFields.write(node, run.furtherChecks());
        } else if (order instanceof InspectAgent) {
            node.put("type", "inspect");
        } else if (order instanceof CreateVolume create) {
            node.put("type", "create").put("driver", create.driver().value());
            node.put("volume", create.volume().value());
            write(node.putObject("options"), create.options());
        } else if (order instanceof RemoveVolume remove) {
            node.put("type", "remove").put("driver", remove.driver().value());
            node.put("volume", remove.volume().value());
        } else if (order instanceof CleanUp cleanUp) {
            node.put("type", "cleanUp");
            writeVolumes(cleanUp.volumes());
            writeNames("fenced", cleanUp.fenced());
        } else if (order instanceof FenceHolder fence) {
            node.put("type", "fence");
            write(fence);
        } else if (order instanceof ObserveVolumes observe) {
            node.put("type", "observe").put("driver", observe.driver().value());
            writeNames("volumes", observe.volumes());
        } else {
            throw new IllegalArgumentException("no form for " + order.getClass());
        }
        return node;
    }

    static TaskOrder read(Fields fields) {
        long epoch = fields.number("epoch");
        String type = fields.text("type");
        return switch (type) {
            case "run" ->
                new RunWorkload(
                        epoch,
                        readWorkload(fields.object("workload")),
                        fields.list("volumes", OrderFields::readVolume),
                        HealthFields.read(fields));
            case "inspect" -> new InspectAgent(epoch);
            case "create" ->
                new CreateVolume(
                        epoch, new DriverName(fields.text("driver")), fields.volume(), fields.textMap("options"));
            case "remove" -> new RemoveVolume(epoch, new DriverName(fields.text("driver")), fields.volume());
            case "cleanUp" ->
                new CleanUp(epoch, fields.list("volumes", OrderFields::readVolume), fields.volumesIfAny("fenced"));
            case "fence" -> readFence(epoch, fields);
            case "observe" ->
                new ObserveVolumes(epoch, new DriverName(fields.text("driver")), fields.volumesIfAny("volumes"));
            default -> throw new IllegalArgumentException("an order of unknown type '" + type + "'");
        };
    }

    private void writeNames(String name, List<VolumeName> volumes) {
        var array = node.putArray(name);
        volumes.forEach(volume -> array.add(volume.value()));
    }

    private void write(FenceHolder order) {
        node.put("operation", order.operation())
                .put("driver", order.driver().value())
                .put("volume", order.volume().value())
                .put("holder", order.holder().value())
                .put("claim", order.claim().value())
                .put("fence", order.fence());
        order.boot().ifPresent(boot -> node.put("boot", boot.value()));
        order.takesOver().ifPresent(before -> node.putObject("takesOver")
                .put("claim", before.claim().value())
                .put("fence", before.fence()));
    }

    private static FenceHolder readFence(long epoch, Fields fields) {
        return new FenceHolder(
                epoch,
                fields.text("operation"),
                new DriverName(fields.text("driver")),
                fields.volume(),
                new MachineKey(fields.text("holder")),
                fields.optionalText("boot").map(BootId::new),
                fields.claim(),
                fields.number("fence"),
                fields.optionalObject("takesOver")
                        .map(before -> new Predecessor(before.claim(), before.number("fence"))));
    }

    private void writeVolumes(List<ClaimedVolume> volumes) {
        write(node.putArray("volumes"), volumes);
    }

    static void write(ArrayNode array, List<ClaimedVolume> volumes) {
        for (ClaimedVolume volume : volumes) {
            ObjectNode to = array.addObject();
            to.put("claim", volume.claim().value()).put("fence", volume.fence());
            write(to, volume.request());
            volume.takesOver().ifPresent(before -> to.put("takesOver", before.value()));
        }
    }

    static void write(ObjectNode to, VolumeRequest request) {
        to.put("driver", request.driver().value()).put("volume", request.name().value());
        write(to.putObject("options"), request.options());
        request.containerPath().ifPresent(path -> to.put("containerPath", path));
        to.put("mode", request.mode().word()).put("access", request.access().word());
        to.put("create", request.create().word());
        request.root().uid().ifPresent(uid -> to.put("uid", uid));
        request.root().gid().ifPresent(gid -> to.put("gid", gid));
        request.root().mode().ifPresent(bits -> to.put("rootMode", bits));
    }

    static ClaimedVolume readVolume(Fields fields) {
        return new ClaimedVolume(
                fields.claim(),
                fields.number("fence"),
                readRequest(fields),
                fields.optionalText("takesOver").map(ClaimId::new));
    }

    static VolumeRequest readRequest(Fields fields) {
        return new VolumeRequest(
                new DriverName(fields.text("driver")),
                fields.volume(),
                fields.textMap("options"),
                fields.optionalText("containerPath"),
                MountMode.of(fields.text("mode")),
                AccessMode.of(fields.text("access")),
                CreatePolicy.of(fields.text("create")),
                new RootAccess(
                        fields.optionalCount("uid"), fields.optionalCount("gid"), fields.optionalCount("rootMode")));
    }

    private static void write(ObjectNode to, Workload workload) {
        workload.shellCommand().ifPresent(command -> to.put("shell", command));
        var arguments = to.putArray("arguments");
        workload.arguments().forEach(arguments::add);
        workload.user().ifPresent(user -> to.put("user", user));
        write(to.putObject("environment"), workload.environment());
        to.put("defaultPath", workload.defaultPath());
        to.put("killGraceMillis", workload.killGrace().toMillis());
        workload.container().ifPresent(container -> ContainerFields.write(to.putObject("container"), container));
        workload.limits()
                .ifPresent(limits ->
                        to.putObject("limits").put("cpus", limits.cpus()).put("memMb", limits.memMb()));
    }

    private static Workload readWorkload(Fields fields) {
        return new Workload(
                fields.optionalText("shell"),
                fields.texts("arguments"),
                fields.optionalText("user"),
                fields.textMap("environment"),
                fields.text("defaultPath"),
                Duration.ofMillis(fields.number("killGraceMillis")),
                fields.optionalObject("container").map(ContainerFields::read),
                fields.optionalObject("limits")
                        .map(limits -> new Limits(limits.decimal("cpus"), limits.decimal("memMb"))));
    }

    private static void write(ObjectNode to, Map<String, String> map) {
        map.forEach(to::put);
    }
}
