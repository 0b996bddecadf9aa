package io.mooring.executor;

import static io.mooring.executor.testkit.ExecutorFixture.TASK;
import static io.mooring.executor.testkit.ExecutorFixture.go;
import static io.mooring.executor.testkit.ExecutorFixture.order;
import static io.mooring.executor.testkit.ExecutorFixture.volume;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.PluginHealth;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.volume.DriverName;
import io.mooring.executor.testkit.ExecutorFixture;
import io.mooring.executor.testkit.LoopPlugin.Shell;
import io.mooring.executor.testkit.StubPlugin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.mesos.v1.Protos.TaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The plugin of a running task's volume goes away, and comes back. */
class LostPluginIT {
    private static final DriverName LOOP = new DriverName("loop");

    private Path directory;
    private ExecutorFixture fixture;

    @BeforeEach
    void prepare() throws Exception {
        Parts.needLoopDevices();
        directory = Files.createTempDirectory("mooring-it-");
        fixture = new ExecutorFixture(directory);
        Path settings = directory.resolve("agent.json");
        Files.writeString(
                settings,
                Files.readString(settings).replaceFirst("\\{", "{\"pluginLimits\": {\"loop\": {\"waitSeconds\": 0}},"));
    }

    @AfterEach
    void cleanUp() throws Exception {
        if (fixture != null) {
            fixture.close();
            Shell.run("rm", "-rf", "--one-file-system", directory.toString());
        }
    }

    @Test
    void isToldToTheSchedulerWhileTheWorkloadGoesOn() throws Exception {
        RunWorkload order = order(
                "while :; do date +%s%N > $MOORING_VOLUME_0_PATH/now; sleep 0.1; done",
                volume("data1", 3, Optional.empty()));
        fixture.start("-Dmooring.glance=200");
        fixture.agent().launch(TASK, order);
        fixture.agent().await(TaskState.TASK_STARTING);
        fixture.agent().tell(go(order));
        fixture.agent().await(TaskState.TASK_RUNNING);

        fixture.plugin().close();
        for (int told = 0; told < 2; told++) {
            PluginHealth gone = (PluginHealth) fixture.agent().awaitMessage();
            assertThat(gone.driver()).isEqualTo(LOOP);
            assertThat(gone.trouble().orElseThrow()).contains("loop");
        }
        Path written = fixture.loop().mountPoint("data1").resolve("now");
        String then = Files.readString(written);
        Parts.until("the workload goes on", () -> !Files.readString(written).equals(then));

        try (StubPlugin again = new StubPlugin(directory.resolve("plugins/loop.sock"), fixture.loop())) {
            PluginHealth back = (PluginHealth) fixture.agent().awaitMessage();
            while (back.trouble().isPresent()) {
                back = (PluginHealth) fixture.agent().awaitMessage();
            }
            assertThat(back).isEqualTo(new PluginHealth(LOOP, Optional.empty()));
            fixture.agent().kill(TASK, Optional.empty());
            ReleaseRecord record =
                    fixture.agent().report(fixture.agent().await(TaskState.TASK_KILLED), ReleaseRecord.class);
            assertThat(record.volumes()).singleElement().satisfies(volume -> assertThat(volume.complete())
                    .isTrue());
            assertThat(again.calls()).anyMatch(call -> call.startsWith("VolumeDriver.Unmount"));
        }
        assertThat(fixture.loop().attached("data1")).isFalse();
    }
}
