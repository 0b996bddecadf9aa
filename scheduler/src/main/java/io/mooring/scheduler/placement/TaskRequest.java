package io.mooring.scheduler.placement;

import io.mooring.common.ids.MachineKey;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.volume.Volume;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One instance that waits for a place.
 *
 * @param resources the task's with its executor's
 * @param volumes the volumes that it needs, as they are recorded
 * @param pinned the only machine for a volume, by the volume's key: where somebody has it whom this task joins
 * @param spread where the app's other tasks are, for constraints
 */
public record TaskRequest(
        AppId app,
        Definition definition,
        Resources resources,
        List<Volume> volumes,
        Map<String, MachineKey> pinned,
        Spread spread) {
    public TaskRequest {
        volumes = List.copyOf(volumes);
        pinned = Collections.unmodifiableMap(new TreeMap<>(pinned));
    }

    /** The machine that it can go to at all, because a volume of its is there; empty if none is bound to one. */
    Optional<MachineKey> onlyMachine() {
        return volumes.stream()
                .flatMap(
                        volume -> volume
                                .home()
                                .or(() -> Optional.ofNullable(
                                        pinned.get(volume.name().key())))
                                .stream())
                .findFirst();
    }
}
