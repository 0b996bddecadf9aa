package io.mooring.plugin.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.service.Catalog;
import io.mooring.plugin.service.HeldVolumes;
import io.mooring.plugin.service.VolumeView;
import io.mooring.plugin.service.VolumeViews;
import io.mooring.plugin.volume.MountId;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The methods of the Docker volume plugin protocol, version 1. Scope is always global, as REX-Ray's is. */
public final class VolumeDriver {
    private final String driver;
    private final Catalog catalog;
    private final HeldVolumes held;
    private final VolumeViews views;

    public VolumeDriver(String driver, Catalog catalog, HeldVolumes held, VolumeViews views) {
        this.driver = driver;
        this.catalog = catalog;
        this.held = held;
        this.views = views;
    }

    /** All methods by path. */
    public Map<String, Call> calls() {
        return new TreeMap<>(Map.of(
                "/Plugin.Activate",
                        (request, answer) -> answer.putArray("Implements").add("VolumeDriver"),
                "/VolumeDriver.Capabilities",
                        (request, answer) -> answer.putObject("Capabilities").put("Scope", "global"),
                "/VolumeDriver.Create",
                        (request, answer) -> catalog.create(Fields.name(request), Fields.options(request)),
                "/VolumeDriver.Remove", (request, answer) -> catalog.remove(Fields.name(request)),
                "/VolumeDriver.Mount", this::mount,
                "/VolumeDriver.Unmount",
                        (request, answer) -> held.unmount(Fields.name(request), Fields.mountId(request)),
                "/VolumeDriver.Path",
                        (request, answer) -> answer.put(
                                "Mountpoint", views.one(Fields.name(request)).mountpoint()),
                "/VolumeDriver.Get",
                        (request, answer) -> show(views.one(Fields.name(request)), answer.putObject("Volume")),
                "/VolumeDriver.List", this::list));
    }

    private void mount(JsonNode request, ObjectNode answer) throws BadRequestException, VolumeException, IOException {
        VolumeName name = Fields.name(request);
        MountId id = Fields.mountId(request);
        catalog.createImplicitly(name, id);
        answer.put("Mountpoint", held.mount(name, id).toString());
    }

    private void list(JsonNode request, ObjectNode answer) throws IOException {
        var volumes = answer.putArray("Volumes");
        for (VolumeView view : views.listed()) {
            show(view, volumes.addObject());
        }
    }

    private void show(VolumeView view, ObjectNode node) {
        VolumeRecord volume = view.volume();
        node.put("Name", volume.name().value())
                .put("Mountpoint", view.mountpoint())
                .put("CreatedAt", volume.createdAt().toString());
        ObjectNode status = node.putObject("Status")
                .put("name", volume.name().value())
                .put("size", volume.sizeGb())
                .put("iops", volume.iops())
                .put("type", volume.type())
                .put("availabilityZone", volume.zone())
                .put("service", driver)
                .put("server", driver);
        ObjectNode fields = status.putObject("fields");
        volume.options().forEach(fields::put);
        fields.put("fsType", volume.fsType().label()).put("attachedTo", attachedTo(view.ownership()));
        if (volume.iops() > 0) {
            fields.put(
                    "iopsEnforced",
                    views.iopsNotEnforced()
                            .map(why -> "no: " + why)
                            .orElse("yes, for processes in the root block group of the host that has it"));
        }
    }

    private static String attachedTo(Ownership ownership) {
        return ownership.attachments().stream()
                .map(attachment -> attachment.host().host().value())
                .collect(Collectors.joining(","));
    }
}
