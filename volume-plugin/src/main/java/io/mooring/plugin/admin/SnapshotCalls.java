package io.mooring.plugin.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.plugin.docker.Call;
import io.mooring.plugin.docker.Fields;
import io.mooring.plugin.service.Catalog;
import io.mooring.plugin.service.Copies;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** What Docker's protocol knows no calls for: snapshots, of which it can only make volumes, and larger volumes. */
public final class SnapshotCalls {
    private final Copies copies;
    private final Catalog catalog;

    public SnapshotCalls(Copies copies, Catalog catalog) {
        this.copies = copies;
        this.catalog = catalog;
    }

    /** All methods by path. */
    public Map<String, Call> calls() {
        return new TreeMap<>(Map.of(
                "/Mooring.Grow",
                (request, answer) -> catalog.grow(Fields.name(request), Fields.sizeGb(request)),
                "/Mooring.Snapshot",
                (request, answer) -> copies.snapshot(Fields.name(request), Fields.snapshot(request)),
                "/Mooring.RemoveSnapshot",
                (request, answer) -> copies.removeSnapshot(Fields.snapshot(request)),
                "/Mooring.Snapshots",
                this::list));
    }

    private void list(JsonNode request, ObjectNode answer) throws IOException {
        ArrayNode snapshots = answer.putArray("Snapshots");
        for (VolumeRecord snapshot : copies.snapshots()) {
            snapshots
                    .addObject()
                    .put("Name", snapshot.name().value())
                    .put("SizeGb", snapshot.sizeGb())
                    .put("FsType", snapshot.fsType().label())
                    .put("CreatedAt", snapshot.createdAt().toString());
        }
    }
}
