package io.mooring.executor;

import static io.mooring.executor.testkit.ExecutorFixture.TASK;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.TaskOrder.Limits;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.command.TaskOrder.Workload;
import io.mooring.executor.testkit.ExecutorFixture;
import io.mooring.executor.testkit.LoopPlugin.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a workload without a container may use of its machine. */
class LimitsIT {
    private Path directory;
    private ExecutorFixture fixture;

    @BeforeEach
    void prepare() throws Exception {
        Parts.needLoopDevices();
        Parts.needCgroups();
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
    void givesAWorkloadAWeightAndALimitAndTakesThemAwayAfterIt() throws Exception {
        fixture.start();
        fixture.agent().launch(TASK, order("""
                for c in cpu memory; do
                  echo $c=$(cat /sys/fs/cgroup/$c$(grep -E ":([a-z_]*,)*$c(,[a-z_]*)*:" /proc/self/cgroup | cut -d: -f3)/$1)
                  shift
                done
                """, new Limits(0.5, 48)));
        fixture.agent().await(TaskState.TASK_FINISHED);
        assertThat(fixture.output("stdout")).contains("cpu=512", "memory=" + (48L << 20));
        assertThat(fixture.output("stderr")).doesNotContain("no limit of its own");
        Parts.until("the cgroup is gone", () -> Shell.run("find", "/sys/fs/cgroup/memory", "-name", "mooring-" + TASK)
                .isEmpty());
    }

    @Test
    void saysWhenAWorkloadNeededMoreMemoryThanItHas() throws Exception {
        fixture.start();
        fixture.agent().launch(TASK, order("exec dd if=/dev/zero of=/dev/null bs=100M count=1", new Limits(0.5, 32)));
        TaskStatus failed = fixture.agent().await(TaskState.TASK_FAILED);
        assertThat(failed.getMessage()).contains("needed more memory than its task has");
    }

    private static RunWorkload order(String script, Limits limits) {
        return new RunWorkload(
                7,
                new Workload(
                        Optional.empty(),
                        List.of("/bin/sh", "-c", script, "limits", "cpu.shares", "memory.limit_in_bytes"),
                        Optional.empty(),
                        Map.of(),
                        "/var/lib/rexray/volumes/{name}",
                        Duration.ofSeconds(5),
                        Optional.empty(),
                        Optional.of(limits)),
                List.of());
    }
}
