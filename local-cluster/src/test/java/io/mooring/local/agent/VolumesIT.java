package io.mooring.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.local.testkit.Cluster;
import io.mooring.local.testkit.Framework;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.Protos.Volume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Persistent volumes in the sandboxes of executors. */
class VolumesIT {
    private static final Resource RESERVED = Resource.newBuilder()
            .setName("disk")
            .setType(Value.Type.SCALAR)
            .setScalar(Value.Scalar.newBuilder().setValue(16))
            .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("mooring"))
            .addReservations(Resource.ReservationInfo.newBuilder()
                    .setType(Resource.ReservationInfo.Type.DYNAMIC)
                    .setRole("mooring"))
            .build();

    private static final Resource VOLUME = RESERVED.toBuilder()
            .setDisk(Resource.DiskInfo.newBuilder()
                    .setPersistence(Resource.DiskInfo.Persistence.newBuilder().setId("v1"))
                    .setVolume(Volume.newBuilder().setContainerPath("data").setMode(Volume.Mode.RW)))
            .build();

    @TempDir
    Path directory;

    @Test
    void linksTheVolumeOfATaskThatComesToARunningExecutor() throws Exception {
        try (Cluster cluster = new Cluster(directory)) {
            cluster.start();
            Framework framework = Framework.subscribe(cluster.port(), null);
            framework.launch(task("t1", cluster));
            framework.await("t1", TaskState.TASK_RUNNING);
            framework.accept(
                    Offer.Operation.newBuilder()
                            .setType(Offer.Operation.Type.RESERVE)
                            .setReserve(Offer.Operation.Reserve.newBuilder().addResources(RESERVED)),
                    Offer.Operation.newBuilder()
                            .setType(Offer.Operation.Type.CREATE)
                            .setCreate(Offer.Operation.Create.newBuilder().addVolumes(VOLUME)));
            assertThat(links()).as("before a task has it").isEmpty();

            framework.launch(task("t2", cluster).addResources(VOLUME));
            framework.await("t2", TaskState.TASK_RUNNING);

            assertThat(links()).hasSize(1).allMatch(Files::isDirectory);
        }
    }

    private static TaskInfo.Builder task(String id, Cluster cluster) {
        return Framework.task(id)
                .setExecutor(ExecutorInfo.newBuilder()
                        .setType(ExecutorInfo.Type.CUSTOM)
                        .setExecutorId(ExecutorID.newBuilder().setValue("ex"))
                        .setCommand(CommandInfo.newBuilder().setValue(cluster.executorCommand())));
    }

    private List<Path> links() throws Exception {
        try (Stream<Path> all = Files.walk(directory.resolve("agent-1/slaves"))) {
            return all.filter(path -> path.endsWith("data") && Files.isSymbolicLink(path))
                    .toList();
        }
    }
}
