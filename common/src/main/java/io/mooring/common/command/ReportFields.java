package io.mooring.common.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.CheckState;
import io.mooring.common.command.ExecutorReport.ClaimToActivate;
import io.mooring.common.command.ExecutorReport.EngineReport;
import io.mooring.common.command.ExecutorReport.Failure;
import io.mooring.common.command.ExecutorReport.FenceReport;
import io.mooring.common.command.ExecutorReport.HealthReport;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.MountedVolume;
import io.mooring.common.command.ExecutorReport.PluginHealth;
import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.ExecutorReport.VolumeOperationDone;
import io.mooring.common.command.ExecutorReport.VolumeSeen;
import io.mooring.common.command.ExecutorReport.VolumesObserved;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;

/** An {@link ExecutorReport} as JSON fields. */
record ReportFields(ObjectNode node) {
    ObjectNode write(ExecutorReport report) {
        if (report instanceof ActivationRequest request) {
            node.put("type", "activate").put("task", request.task().value());
            machine(request.machine(), request.boot());
            ArrayNode claims = node.putArray("claims");
            request.claims().forEach(claim -> write(claims.addObject(), claim));
            node.put("highestEpoch", request.highestEpoch());
        } else if (report instanceof MountReport mounts) {
            node.put("type", "mounted");
            ArrayNode volumes = node.putArray("volumes");
            mounts.volumes().forEach(volume -> write(volumes.addObject(), volume));
        } else if (report instanceof ReleaseRecord release) {
            node.put("type", "released");
            machine(release.machine(), release.boot());
            ArrayNode volumes = node.putArray("volumes");
            release.volumes().forEach(volume -> write(volumes.addObject(), volume));
            ArrayNode unfenced = node.putArray("unfenced");
            release.unfenced().forEach(volume -> unfenced.add(volume.value()));
        } else if (report instanceof AgentReport agent) {
            node.put("type", "agent");
            machine(agent.machine(), agent.boot());
            ArrayNode plugins = node.putArray("plugins");
            agent.plugins().forEach(plugin -> write(plugins.addObject(), plugin));
            ArrayNode unclean = node.putArray("unclean");
            agent.unclean().forEach(volume -> unclean.add(volume.value()));
            agent.engine().ifPresent(engine -> write(node.putObject("engine"), engine));
        } else if (report instanceof PluginHealth health) {
            node.put("type", "pluginHealth").put("driver", health.driver().value());
            health.trouble().ifPresent(trouble -> node.put("trouble", trouble));
        } else if (report instanceof HealthReport health) {
            node.put("type", "health").put("check", health.check());
            ArrayNode checks = node.putArray("checks");
            health.checks().forEach(state -> checks.add(state.name()));
        } else if (report instanceof FenceReport fence) {
            StorageFields.write(node.put("type", "fenced"), fence);
        } else if (report instanceof VolumesObserved observed) {
            StorageFields.write(node.put("type", "observed"), observed);
        } else if (report instanceof VolumeOperationDone done) {
            node.put("type", "volumeDone").put("volume", done.volume().value());
        } else if (report instanceof Failure failure) {
            node.put("type", "failure").put("what", failure.what());
        } else {
            throw new IllegalArgumentException("no form for " + report.getClass());
        }
        return node;
    }

    static ExecutorReport read(Fields fields) {
        String type = fields.text("type");
        return switch (type) {
            case "activate" ->
                new ActivationRequest(
                        new TaskId(fields.text("task")),
                        readMachine(fields),
                        readBoot(fields),
                        fields.list("claims", ReportFields::readClaim),
                        fields.optionalNumber("highestEpoch").orElse(0));
            case "mounted" -> new MountReport(fields.list("volumes", ReportFields::readMounted));
            case "released" ->
                new ReleaseRecord(
                        readMachine(fields),
                        readBoot(fields),
                        fields.list("volumes", ReportFields::readReleased),
                        fields.volumesIfAny("unfenced"));
            case "agent" ->
                new AgentReport(
                        readMachine(fields),
                        readBoot(fields),
                        fields.list("plugins", ReportFields::readPlugin),
                        fields.texts("unclean").stream().map(VolumeName::new).toList(),
                        fields.optionalObject("engine").map(ReportFields::readEngine));
            case "pluginHealth" ->
                new PluginHealth(new DriverName(fields.text("driver")), fields.optionalText("trouble"));
            case "health" ->
                new HealthReport(
                        fields.optionalCount("check").orElse(-1),
                        fields.texts("checks").stream().map(CheckState::valueOf).toList());
            case "fenced" -> StorageFields.readFence(fields);
            case "observed" -> StorageFields.readObserved(fields);
            case "volumeDone" -> new VolumeOperationDone(fields.volume());
            case "failure" -> new Failure(fields.text("what"));
            default -> throw new IllegalArgumentException("a report of unknown type '" + type + "'");
        };
    }

    private void machine(MachineKey machine, BootId boot) {
        node.put("machine", machine.value()).put("boot", boot.value());
    }

    private static MachineKey readMachine(Fields fields) {
        return new MachineKey(fields.text("machine"));
    }

    private static BootId readBoot(Fields fields) {
        return new BootId(fields.text("boot"));
    }

    private static void write(ObjectNode to, ClaimToActivate claim) {
        to.put("claim", claim.claim().value()).put("volume", claim.volume().value());
        to.put("fence", claim.fence()).put("highWater", claim.highWater());
        claim.highWaterClaim().ifPresent(holder -> to.put("highWaterClaim", holder.value()));
    }

    private static ClaimToActivate readClaim(Fields fields) {
        return new ClaimToActivate(
                fields.claim(),
                fields.volume(),
                fields.number("fence"),
                fields.number("highWater"),
                fields.optionalText("highWaterClaim").map(ClaimId::new));
    }

    private static void write(ObjectNode to, MountedVolume volume) {
        to.put("claim", volume.claim().value()).put("fence", volume.fence()).put("path", volume.path());
        volume.device().ifPresent(device -> to.put("device", device));
        volume.fsType().ifPresent(type -> to.put("fsType", type));
        to.put("created", volume.created());
    }

    private static MountedVolume readMounted(Fields fields) {
        return new MountedVolume(
                fields.claim(),
                fields.number("fence"),
                fields.optionalText("device"),
                fields.text("path"),
                fields.optionalText("fsType"),
                fields.flag("created"));
    }

    private static void write(ObjectNode to, ReleasedVolume volume) {
        to.put("claim", volume.claim().value()).put("fence", volume.fence());
        to.put("neverAttached", volume.neverAttached()).put("workloadGone", volume.workloadGone());
        to.put("unmounted", volume.unmounted()).put("closed", volume.closed()).put("detached", volume.detached());
        to.put("journalClosed", volume.journalClosed()).put("handedOver", volume.handedOver());
        volume.remark().ifPresent(remark -> to.put("remark", remark));
    }

    private static ReleasedVolume readReleased(Fields fields) {
        return new ReleasedVolume(
                fields.claim(),
                fields.number("fence"),
                fields.flag("neverAttached"),
                fields.flag("workloadGone"),
                fields.flag("unmounted"),
                fields.flag("closed"),
                fields.flag("detached"),
                fields.flag("journalClosed"),
                fields.node().hasNonNull("handedOver") && fields.flag("handedOver"),
                fields.optionalText("remark"));
    }

    private static void write(ObjectNode to, EngineReport engine) {
        to.put("healthy", engine.healthy()).put("what", engine.what());
        engine.blind().ifPresent(why -> to.put("blind", why));
    }

    private static EngineReport readEngine(Fields engine) {
        return new EngineReport(engine.flag("healthy"), engine.text("what"), engine.optionalText("blind"));
    }

    private static void write(ObjectNode to, PluginReport plugin) {
        to.put("driver", plugin.driver().value()).put("healthy", plugin.healthy());
        to.put("generation", plugin.generation()).put("globalScope", plugin.globalScope());
        plugin.fenceClass().ifPresent(c -> to.put("class", c));
        plugin.freeBytes().ifPresent(free -> to.put("freeBytes", free));
        ArrayNode volumes = to.putArray("volumes");
        plugin.volumes().forEach(volume -> write(volumes.addObject(), volume));
        plugin.cannotMake().forEach(to.putObject("cannotMake")::put);
        plugin.remarks().forEach(to.putArray("remarks")::add);
    }

    private static PluginReport readPlugin(Fields fields) {
        return new PluginReport(
                new DriverName(fields.text("driver")),
                fields.flag("healthy"),
                fields.text("generation"),
                fields.flag("globalScope"),
                fields.optionalText("class"),
                fields.optionalNumber("freeBytes"),
                fields.list("volumes", ReportFields::readSeen),
                fields.textMap("cannotMake"),
                fields.textsIfAny("remarks"));
    }

    private static void write(ObjectNode to, VolumeSeen volume) {
        to.put("volume", volume.volume().value());
        volume.sizeGb().ifPresent(size -> to.put("sizeGb", size));
        volume.attachment().ifPresent(attachment -> StorageFields.write(to.putObject("attachment"), attachment));
    }

    private static VolumeSeen readSeen(Fields fields) {
        return new VolumeSeen(
                fields.volume(),
                fields.optionalNumber("sizeGb"),
                fields.optionalObject("attachment").map(StorageFields::readAttachment));
    }
}
