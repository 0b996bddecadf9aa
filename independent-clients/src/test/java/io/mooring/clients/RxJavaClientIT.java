package io.mooring.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code mesos-rxjava-protobuf-client} 0.2.0: protobuf, one role, no capabilities, the old form of resources. */
@Timeout(120)
class RxJavaClientIT {
    @TempDir
    static Path directory;

    private static LocalCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new LocalCluster(directory);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Resource scalar(String name, double value) {
        return Resource.newBuilder()
                .setName(name)
                .setType(Value.Type.SCALAR)
                .setRole("*")
                .setScalar(Value.Scalar.newBuilder().setValue(value))
                .build();
    }

    private static TaskInfo task(String id, String command, Offer offer) {
        return TaskInfo.newBuilder()
                .setName(id)
                .setTaskId(TaskID.newBuilder().setValue(id))
                .setAgentId(offer.getAgentId())
                .addResources(scalar("cpus", 0.1))
                .addResources(scalar("mem", 32))
                .setCommand(CommandInfo.newBuilder().setValue(command))
                .build();
    }

    private static void launch(RxFramework framework, String... idsAndCommands) throws InterruptedException {
        Offer offer = framework
                .await(event -> event.getType() == Event.Type.OFFERS)
                .getOffers()
                .getOffers(0);
        Offer.Operation.Launch.Builder launch = Offer.Operation.Launch.newBuilder();
        for (int i = 0; i < idsAndCommands.length; i += 2) {
            launch.addTaskInfos(task(idsAndCommands[i], idsAndCommands[i + 1], offer));
        }
        framework.call(Call.newBuilder()
                .setType(Call.Type.ACCEPT)
                .setAccept(Call.Accept.newBuilder()
                        .addOfferIds(offer.getId())
                        .addOperations(Offer.Operation.newBuilder()
                                .setType(Offer.Operation.Type.LAUNCH)
                                .setLaunch(launch))));
    }

    private static Predicate<Event> update(String task, TaskState state) {
        return event -> {
            TaskStatus status = event.getUpdate().getStatus();
            return event.getType() == Event.Type.UPDATE
                    && status.getTaskId().getValue().equals(task)
                    && status.getState() == state;
        };
    }

    @Test
    void launchesTasksAndSeesThemEnd() throws Exception {
        try (RxFramework framework = new RxFramework(cluster.port(), Optional.empty())) {
            launch(framework, "good", "exit 0", "bad", "exit 3");

            // Both run at once, so their ends come in any order.
            List<TaskStatus> ends = new ArrayList<>();
            while (ends.size() < 2) {
                TaskStatus status = framework
                        .await(event -> event.getType() == Event.Type.UPDATE)
                        .getUpdate()
                        .getStatus();
                if (status.getState() == TaskState.TASK_FINISHED || status.getState() == TaskState.TASK_FAILED) {
                    ends.add(status);
                }
            }

            assertThat(ends)
                    .extracting(status ->
                            status.getTaskId().getValue() + " " + status.getState() + " " + status.getMessage())
                    .containsExactlyInAnyOrder(
                            "good TASK_FINISHED Command exited with status 0",
                            "bad TASK_FAILED Command exited with status 3");
        }
    }

    @Test
    void isFailedOverAndReconciled() throws Throwable {
        try (RxFramework first = new RxFramework(cluster.port(), Optional.empty())) {
            launch(first, "long", "sleep 1000");
            first.await(update("long", TaskState.TASK_RUNNING));

            try (RxFramework second = new RxFramework(cluster.port(), Optional.of(first.id()))) {
                assertThat(first.await(event -> event.getType() == Event.Type.ERROR)
                                .getError()
                                .getMessage())
                        .isEqualTo("Framework failed over");
                first.awaitEnd();
                assertThat(second.id()).isEqualTo(first.id());

                second.call(Call.newBuilder()
                        .setType(Call.Type.RECONCILE)
                        .setReconcile(Call.Reconcile.newBuilder()
                                .addTasks(Call.Reconcile.Task.newBuilder()
                                        .setTaskId(TaskID.newBuilder().setValue("long")))));
                assertThat(second.await(update("long", TaskState.TASK_RUNNING))
                                .getUpdate()
                                .getStatus()
                                .getReason())
                        .isEqualTo(TaskStatus.Reason.REASON_RECONCILIATION);
                second.call(Call.newBuilder()
                        .setType(Call.Type.RECONCILE)
                        .setReconcile(Call.Reconcile.newBuilder()
                                .addTasks(Call.Reconcile.Task.newBuilder()
                                        .setTaskId(TaskID.newBuilder().setValue("never was")))));
                second.await(update("never was", TaskState.TASK_LOST));

                second.call(Call.newBuilder()
                        .setType(Call.Type.KILL)
                        .setKill(Call.Kill.newBuilder()
                                .setTaskId(TaskID.newBuilder().setValue("long"))));
                second.await(update("long", TaskState.TASK_KILLED));
                second.call(Call.newBuilder().setType(Call.Type.TEARDOWN));
                second.awaitEnd();
            }
        }
    }
}
