package io.mooring.local.master;

import io.mooring.local.resource.Reservations;
import java.util.ArrayList;
import java.util.List;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;

/** What the real master fills in before it looks at an operation: allocations, the executor of a group's tasks. */
final class Completion {
    private Completion() {}

    static Offer.Operation of(Offer.Operation given, FrameworkEntry framework, String role) {
        Offer.Operation.Builder operation = given.toBuilder();
        if (given.hasLaunch()) {
            operation.getLaunchBuilder().clearTaskInfos();
            for (TaskInfo task : given.getLaunch().getTaskInfosList()) {
                operation.getLaunchBuilder().addTaskInfos(task(task, framework, role));
            }
        }
        if (given.hasLaunchGroup()) {
            ExecutorInfo executor = executor(given.getLaunchGroup().getExecutor(), framework, role);
            operation.getLaunchGroupBuilder().setExecutor(executor).clearTaskGroup();
            for (TaskInfo each : given.getLaunchGroup().getTaskGroup().getTasksList()) {
                TaskInfo task = task(each, framework, role);
                operation
                        .getLaunchGroupBuilder()
                        .getTaskGroupBuilder()
                        .addTasks(
                                task.hasExecutor()
                                        ? task
                                        : task.toBuilder().setExecutor(executor).build());
            }
        }
        resources(operation, role);
        return operation.build();
    }

    private static void resources(Offer.Operation.Builder operation, String role) {
        if (operation.hasReserve()) {
            Offer.Operation.Reserve.Builder reserve = operation.getReserveBuilder();
            List<Resource> wanted = allocated(reserve.getResourcesList(), role);
            List<Resource> source = allocated(reserve.getSourceList(), role);
            reserve.clearResources().addAllResources(wanted).clearSource().addAllSource(source);
        }
        if (operation.hasUnreserve()) {
            List<Resource> wanted = allocated(operation.getUnreserve().getResourcesList(), role);
            operation.getUnreserveBuilder().clearResources().addAllResources(wanted);
        }
        if (operation.hasCreate()) {
            List<Resource> wanted = allocated(operation.getCreate().getVolumesList(), role);
            operation.getCreateBuilder().clearVolumes().addAllVolumes(wanted);
        }
        if (operation.hasDestroy()) {
            List<Resource> wanted = allocated(operation.getDestroy().getVolumesList(), role);
            operation.getDestroyBuilder().clearVolumes().addAllVolumes(wanted);
        }
        if (operation.hasGrowVolume()) {
            Offer.Operation.GrowVolume.Builder grow = operation.getGrowVolumeBuilder();
            grow.setVolume(allocated(grow.getVolume(), role)).setAddition(allocated(grow.getAddition(), role));
        }
        if (operation.hasShrinkVolume()) {
            Offer.Operation.ShrinkVolume.Builder shrink = operation.getShrinkVolumeBuilder();
            shrink.setVolume(allocated(shrink.getVolume(), role));
        }
    }

    private static TaskInfo task(TaskInfo given, FrameworkEntry framework, String role) {
        TaskInfo.Builder task =
                given.toBuilder().clearResources().addAllResources(allocated(given.getResourcesList(), role));
        if (given.hasExecutor()) {
            task.setExecutor(executor(given.getExecutor(), framework, role));
        }
        return task.build();
    }

    private static ExecutorInfo executor(ExecutorInfo given, FrameworkEntry framework, String role) {
        ExecutorInfo.Builder executor = given.toBuilder();
        if (!executor.hasFrameworkId()) {
            executor.setFrameworkId(framework.frameworkId());
        }
        return executor.clearResources()
                .addAllResources(allocated(given.getResourcesList(), role))
                .build();
    }

    private static List<Resource> allocated(List<Resource> resources, String role) {
        List<Resource> allocated = new ArrayList<>();
        resources.forEach(resource -> allocated.add(allocated(resource, role)));
        return allocated;
    }

    private static Resource allocated(Resource resource, String role) {
        Resource.Builder each = Reservations.upgraded(resource).toBuilder();
        if (!each.hasAllocationInfo()) {
            each.setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role));
        }
        return each.build();
    }
}
