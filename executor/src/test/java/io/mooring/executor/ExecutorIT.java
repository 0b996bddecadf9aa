package io.mooring.executor;

import static io.mooring.executor.testkit.ExecutorFixture.TASK;
import static io.mooring.executor.testkit.ExecutorFixture.go;
import static io.mooring.executor.testkit.ExecutorFixture.order;
import static io.mooring.executor.testkit.ExecutorFixture.volume;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.executor.testkit.ExecutorFixture;
import io.mooring.executor.testkit.LoopPlugin.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real executor process against an agent over TCP and a plugin on a unix socket that really mounts ext4. */
class ExecutorIT {
    private Path directory;
    private ExecutorFixture fixture;

    @BeforeEach
    void prepare() throws Exception {
        Parts.needLoopDevices();
        directory = Files.createTempDirectory("mooring-it-");
        fixture = new ExecutorFixture(directory);
    }

    @AfterEach
    void cleanUp() throws Exception {
        if (fixture != null) {
            fixture.close();
            Shell.run("rm", "-rf", "--one-file-system", directory.toString());
        }
    }

    @Test
    void runsAWorkloadOnItsVolumeAndReleasesItWhenKilled() throws Exception {
        RunWorkload order = order(
                "id -u; pwd; echo $GREETING > $MOORING_VOLUME_0_PATH/hello; echo up; sleep 1000",
                volume("data1", 3, Optional.empty()));
        fixture.start();
        fixture.agent().launch(TASK, order);
        TaskStatus starting = fixture.agent().await(TaskState.TASK_STARTING);
        ActivationRequest request = fixture.agent().report(starting, ActivationRequest.class);
        assertThat(request.claims()).singleElement().satisfies(claim -> {
            assertThat(claim.fence()).isEqualTo(3);
            assertThat(claim.highWater()).isZero();
        });
        assertThat(fixture.loop().attached("data1")).isFalse();
        fixture.agent().tell(go(order));
        TaskStatus running = fixture.agent().await(TaskState.TASK_RUNNING);
        MountReport mounts = fixture.agent().report(running, MountReport.class);
        assertThat(mounts.volumes()).singleElement().satisfies(mount -> {
            assertThat(mount.fsType()).contains("ext4");
            assertThat(mount.created()).isTrue();
        });
        Parts.until("the workload has written", () -> fixture.output("stdout").contains("up"));
        assertThat(fixture.loop().mountPoint("data1").resolve("hello")).hasContent("hello world");
        assertThat(Path.of("/var/lib/rexray/volumes/data1")).doesNotExist();
        fixture.agent().kill(TASK, Optional.of(Duration.ofSeconds(3)));
        TaskStatus killed = fixture.agent().await(TaskState.TASK_KILLED);
        ReleaseRecord record = fixture.agent().report(killed, ReleaseRecord.class);
        assertThat(record.volumes()).singleElement().satisfies(volume -> assertThat(volume.complete())
                .isTrue());
        assertThat(fixture.loop().attached("data1")).isFalse();
        assertThat(fixture.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(fixture.process().exitValue()).isZero();
    }
}
