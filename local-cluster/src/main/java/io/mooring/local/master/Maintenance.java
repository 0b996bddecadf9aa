package io.mooring.local.master;

import io.mooring.local.wire.Answer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.maintenance.Protos.ClusterStatus;
import org.apache.mesos.v1.maintenance.Protos.Schedule;
import org.apache.mesos.v1.maintenance.Protos.Window;

/** What operators plan and do with machines. Refusals are 400 in Mesos' words. */
final class Maintenance {
    private static final String DOWN = "Operator initiated 'Machine DOWN'";

    private final ClusterState state;
    private final Machines machines;
    private final Allocation allocation;
    private final InverseOffers inverseOffers;
    private final Removals removals;

    Maintenance(
            ClusterState state,
            Machines machines,
            Allocation allocation,
            InverseOffers inverseOffers,
            Removals removals) {
        this.state = state;
        this.machines = machines;
        this.allocation = allocation;
        this.inverseOffers = inverseOffers;
        this.removals = removals;
    }

    boolean isDown(MachineID machine) {
        return machines.isDown(machine);
    }

    /** The new schedule replaces the old one; agents of all machines in either make new offers. */
    Answer update(Schedule schedule) {
        Optional<String> wrong = error(schedule);
        if (wrong.isPresent()) {
            return Answer.text(400, wrong.get());
        }
        Set<MachineID> touched = machines.plan(schedule);
        for (AgentEntry agent : List.copyOf(state.agents.values())) {
            if (touched.contains(agent.machine())) {
                allocation.rescindAll(agent);
                inverseOffers.startAnew(agent);
            }
        }
        allocation.soon();
        return Answer.ok();
    }

    private Optional<String> error(Schedule schedule) {
        Set<MachineID> seen = new HashSet<>();
        for (Window window : schedule.getWindowsList()) {
            if (window.getMachineIdsCount() == 0) {
                return Optional.of("List of machines in the maintenance window is empty");
            }
            if (window.getUnavailability().getDuration().getNanoseconds() < 0) {
                return Optional.of("Unavailability 'duration' is negative");
            }
            for (MachineID machine : window.getMachineIdsList()) {
                Optional<String> error = error(machine, seen);
                if (error.isPresent()) {
                    return error;
                }
            }
        }
        return machines.down().stream()
                .filter(machine -> !seen.contains(machine))
                .findFirst()
                .map(machine -> words(machine) + " is deactivated and cannot be removed from the schedule");
    }

    private static Optional<String> error(MachineID machine, Set<MachineID> seen) {
        if (machine.getHostname().isEmpty() && machine.getIp().isEmpty()) {
            return Optional.of("Both 'hostname' and 'ip' for a machine are empty");
        }
        return seen.add(machine)
                ? Optional.empty()
                : Optional.of(words(machine) + " appears more than once in the schedule");
    }

    private static String words(MachineID machine) {
        String hostname = machine.hasHostname() ? "\"hostname\":\"" + machine.getHostname() + "\"" : "";
        String ip = machine.hasIp() ? "\"ip\":\"" + machine.getIp() + "\"" : "";
        return "Machine '{" + hostname + (hostname.isEmpty() || ip.isEmpty() ? "" : ",") + ip + "}'";
    }

    /** The machines are taken down: their agents end, with all that runs on them. */
    Answer start(List<MachineID> wanted) {
        Optional<String> wrong = error(wanted).or(() -> wanted.stream()
                .filter(machine -> !machines.isScheduled(machine) || machines.isDown(machine))
                .findFirst()
                .map(machine -> words(machine) + " is not in DRAINING mode and cannot be brought down"));
        if (wrong.isPresent()) {
            return Answer.text(400, wrong.get());
        }
        for (AgentEntry agent : List.copyOf(state.agents.values())) {
            if (wanted.contains(agent.machine())) {
                agent.link.toAgent(port -> port.refused(DOWN));
                removals.left(agent, DOWN);
            }
        }
        machines.takeDown(wanted);
        return Answer.ok();
    }

    Answer stop(List<MachineID> wanted) {
        Optional<String> wrong = error(wanted).or(() -> wanted.stream()
                .filter(machine -> !machines.isDown(machine))
                .findFirst()
                .map(machine -> words(machine) + " is not in DOWN mode and cannot be brought up"));
        if (wrong.isPresent()) {
            return Answer.text(400, wrong.get());
        }
        machines.bringUp(wanted);
        return Answer.ok();
    }

    private Optional<String> error(List<MachineID> wanted) {
        if (wanted.isEmpty()) {
            return Optional.of("List of machines is empty");
        }
        Set<MachineID> seen = new HashSet<>();
        for (MachineID machine : wanted) {
            Optional<String> error = error(machine, seen);
            if (error.isPresent()) {
                return error;
            }
        }
        return wanted.stream()
                .filter(machine -> !isKnown(machine))
                .findFirst()
                .map(machine -> words(machine) + " is not part of a maintenance schedule");
    }

    /** The real master also knows the machine of every agent that ever registered. */
    private boolean isKnown(MachineID machine) {
        return machines.isScheduled(machine)
                || machines.isDown(machine)
                || state.agents.values().stream()
                        .anyMatch(agent -> agent.machine().equals(machine));
    }

    Schedule schedule() {
        return machines.schedule();
    }

    ClusterStatus status() {
        ClusterStatus.Builder status = ClusterStatus.newBuilder();
        for (MachineID machine : machines.draining()) {
            ClusterStatus.DrainingMachine.Builder draining =
                    ClusterStatus.DrainingMachine.newBuilder().setId(machine);
            state.agents.values().stream()
                    .filter(agent -> agent.machine().equals(machine))
                    .forEach(agent -> draining.addAllStatuses(inverseOffers.answers(agent)));
            status.addDrainingMachines(draining);
        }
        return status.addAllDownMachines(machines.down()).build();
    }
}
