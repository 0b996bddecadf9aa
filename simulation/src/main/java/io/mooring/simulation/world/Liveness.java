package io.mooring.simulation.world;

import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import io.mooring.simulation.executor.ExecutorProcess;
import io.mooring.simulation.executor.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether everything has come right, looking at what is durable and at what really runs. */
final class Liveness {
    private final Cluster cluster;

    Liveness(Cluster cluster) {
        this.cluster = cluster;
    }

    /** What is not as it should be; empty if nothing is. */
    List<String> complaints() {
        ClusterState state = cluster.ensemble().durable();
        List<String> complaints = new ArrayList<>();
        cluster.users().wishes().forEach((app, wish) -> {
            boolean runs = running(state, app) == wish.instances();
            Optional<Claim> other = wish.volumes().stream()
                    .flatMap(volume -> state.claimsOn(volume.of(0)).stream())
                    .filter(claim -> !claim.app().equals(Optional.of(app)) && settled(state, claim))
                    .findFirst();
            if (!runs && other.isEmpty()) {
                complaints.add("app " + app + " does not run");
            }
        });
        for (Claim claim : state.claims()) {
            if (!settled(state, claim)) {
                complaints.add("claim " + claim.id() + " on " + claim.volume() + " is " + claim.state() + " since "
                        + claim.since() + " on " + claim.machine() + ": "
                        + claim.trouble().orElse("no reason is told"));
            }
        }
        for (Machine machine : cluster.machines()) {
            for (ExecutorProcess executor : machine.executors()) {
                if (state.task(executor.task()).isEmpty()) {
                    complaints.add("executor of " + executor.task() + " runs on, and nobody knows it");
                }
            }
        }
        return complaints;
    }

    /** The machines on which claims wait for what may never come by itself. */
    List<Machine> machinesWithStuckClaims() {
        ClusterState state = cluster.ensemble().durable();
        return cluster.machines().stream()
                .filter(machine -> state.claims().stream()
                        .anyMatch(
                                claim -> claim.machine().equals(machine.key()) && claim.state() != ClaimState.MOUNTED))
                .toList();
    }

    private static long running(ClusterState state, AppId app) {
        return state.tasksOf(app).stream()
                .filter(task -> task.state() == TaskState.RUNNING && task.goal() == Task.Goal.RUN)
                .count();
    }

    private static boolean settled(ClusterState state, Claim claim) {
        return claim.state() == ClaimState.MOUNTED
                && state.task(claim.task())
                        .filter(task -> task.state() == TaskState.RUNNING)
                        .isPresent();
    }
}
