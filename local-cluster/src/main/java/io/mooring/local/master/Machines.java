package io.mooring.local.master;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.Unavailability;
import org.apache.mesos.v1.maintenance.Protos.Schedule;
import org.apache.mesos.v1.maintenance.Protos.Window;

/** Machines that are to be maintained, or are being. All others are up. */
final class Machines {
    private final Registry registry;
    private final Map<MachineID, Unavailability> unavailable = new LinkedHashMap<>();
    private final Set<MachineID> down = new LinkedHashSet<>();
    private Schedule schedule;

    /** Goes on with what the registry knows. */
    Machines(Registry registry) {
        this.registry = registry;
        this.down.addAll(registry.down());
        this.schedule = registry.schedule();
        unavailable.putAll(windows(schedule));
    }

    private static Map<MachineID, Unavailability> windows(Schedule schedule) {
        Map<MachineID, Unavailability> all = new LinkedHashMap<>();
        for (Window window : schedule.getWindowsList()) {
            window.getMachineIdsList().forEach(machine -> all.put(machine, window.getUnavailability()));
        }
        return all;
    }

    Schedule schedule() {
        return schedule;
    }

    boolean isScheduled(MachineID machine) {
        return unavailable.containsKey(machine);
    }

    boolean isDown(MachineID machine) {
        return down.contains(machine);
    }

    List<MachineID> down() {
        return List.copyOf(down);
    }

    /** Scheduled and not yet down. */
    List<MachineID> draining() {
        return unavailable.keySet().stream().filter(each -> !isDown(each)).toList();
    }

    Optional<Unavailability> unavailability(MachineID machine) {
        return Optional.ofNullable(unavailable.get(machine));
    }

    /** Gives the machines whose window may have changed. */
    Set<MachineID> plan(Schedule planned) {
        Set<MachineID> touched = new LinkedHashSet<>(unavailable.keySet());
        schedule = planned;
        unavailable.clear();
        unavailable.putAll(windows(planned));
        touched.addAll(unavailable.keySet());
        save();
        return touched;
    }

    void takeDown(List<MachineID> machines) {
        down.addAll(machines);
        save();
    }

    /** The machines are up again, and no longer in the schedule. */
    void bringUp(List<MachineID> machines) {
        machines.forEach(down::remove);
        Schedule.Builder rest = Schedule.newBuilder();
        for (Window window : schedule.getWindowsList()) {
            List<MachineID> staying = new ArrayList<>(window.getMachineIdsList());
            staying.removeAll(machines);
            if (!staying.isEmpty()) {
                rest.addWindows(window.toBuilder().clearMachineIds().addAllMachineIds(staying));
            }
        }
        plan(rest.build());
    }

    private void save() {
        registry.maintain(schedule, down);
    }
}
