package io.mooring.executor.mesos;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import io.mooring.common.command.TaskOrder.Limits;
import io.mooring.common.volume.MountMode;
import io.mooring.executor.run.ForeignLaunch;
import io.mooring.executor.run.ForeignLaunch.CommandForm;
import io.mooring.executor.run.ForeignLaunch.DockerOption;
import io.mooring.executor.run.ForeignLaunch.ExternalVolume;
import io.mooring.executor.run.ForeignTerms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.ContainerInfo.DockerInfo;
import org.apache.mesos.v1.Protos.Image;
import org.apache.mesos.v1.Protos.Parameter;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.Volume;
import org.junit.jupiter.api.Test;

/** What Marathon's TaskBuilder makes, read. */
class ForeignTaskTest {
    private static ForeignLaunch read(Consumer<TaskInfo.Builder> change) throws Exception {
        TaskInfo.Builder task = TaskInfo.newBuilder();
        TextFormat.merge(Files.readString(Path.of("src/test/resources/marathon/orders.textproto")), task);
        change.accept(task);
        return ForeignTask.of(
                task.build(),
                task.getExecutor(),
                "marathon-1",
                AgentID.newBuilder().setValue("S3").build());
    }

    @Test
    void readsCommandVolumesLabelsAndLimits() throws Exception {
        ForeignLaunch launch = read(task -> {});

        assertThat(launch.task().value()).startsWith("shop_orders.instance-");
        assertThat(launch.framework().value()).isEqualTo("marathon-1");
        assertThat(ForeignTerms.recognises(launch.command())).isTrue();
        assertThat(launch.form()).isEqualTo(CommandForm.SHELL);
        assertThat(launch.environment()).containsEntry("HOST", "node-7.example");
        assertThat(launch.labels()).containsEntry("mooring/user", "nobody");
        assertThat(launch.volumes())
                .containsExactly(new ExternalVolume(
                        "rexray", "orders-db", Map.of("size", "5", "newfstype", "xfs"), "data", MountMode.READ_WRITE));
        assertThat(launch.killGrace()).contains(Duration.ofSeconds(7));
        assertThat(launch.limits()).contains(new Limits(0.5, 128));
        assertThat(launch.container()).isEmpty();
        assertThat(launch.wantsVolumes()).isTrue();
    }

    @Test
    void readsDockerParametersAndSaysThatTheExecutorWouldBeInsideOfTheContainer() throws Exception {
        ForeignLaunch launch = read(task -> task.getExecutorBuilder()
                .setContainer(ContainerInfo.newBuilder()
                        .setType(ContainerInfo.Type.DOCKER)
                        .setDocker(DockerInfo.newBuilder()
                                .setImage("orders:1")
                                .addParameters(Parameter.newBuilder()
                                        .setKey("volume-driver")
                                        .setValue("rexray"))
                                .addParameters(
                                        Parameter.newBuilder().setKey("volume").setValue("orders-db:/data")))));

        assertThat(launch.parameters())
                .containsExactly(
                        new DockerOption("volume-driver", "rexray"), new DockerOption("volume", "orders-db:/data"));
        assertThat(launch.wantsVolumes()).isTrue();
        assertThat(launch.container()).get().asString().contains("type DOCKER", "post the app to Mooring");
    }

    @Test
    void saysWhichContainersItCannotRunIn() throws Exception {
        assertThat(read(task -> task.getExecutorBuilder()
                                .getContainerBuilder()
                                .getMesosBuilder()
                                .setImage(Image.newBuilder().setType(Image.Type.DOCKER)))
                        .container())
                .get()
                .asString()
                .contains("has an image");
        assertThat(read(task -> task.getExecutorBuilder()
                                .getContainerBuilder()
                                .addVolumes(Volume.newBuilder()
                                        .setContainerPath("/etc/x")
                                        .setHostPath("/etc/x")
                                        .setMode(Volume.Mode.RO)))
                        .container())
                .get()
                .asString()
                .contains("/etc/x", "no external volume");
    }

    @Test
    void anAppWithoutVolumesHasNothingToClaim() throws Exception {
        assertThat(read(task -> task.getExecutorBuilder().clearContainer()).wantsVolumes())
                .isFalse();
    }
}
