package io.mooring.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.local.app.LocalMesos;
import io.mooring.local.master.MasterSettings;
import io.mooring.local.testkit.Framework;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reboot of an agent's machine, with a task that has a daemon, and a volume that somebody uses. */
class RebootIT {
    private static final String BOOT = "11111111-2222-3333-4444-555555555555";

    @TempDir
    Path directory;

    private Path runDir;
    private Path bootIds;
    private LocalMesos cluster;
    private Framework framework;

    @BeforeEach
    void start() throws Exception {
        runDir = Files.createDirectory(directory.resolve("run"));
        bootIds = Files.writeString(
                directory.resolve("boot"),
                "{\"bootId\": \"" + BOOT + "\"}\nboot.agent-1=" + BOOT + "\nboot.agent-2=" + BOOT);
        AgentSettings agent = new AgentSettings(
                "agent-1",
                0,
                directory.resolve("agent-1"),
                "127.0.0.1",
                "cpus:4;mem:4096;disk:1024",
                "",
                Map.of(),
                AgentSettings.Timeouts.standard(),
                Optional.empty(),
                AgentSettings.Isolation.NONE,
                AgentSettings.STANDARD_GC_DELAY,
                Optional.of(new Machine(runDir, List.of(bootIds))));
        cluster = LocalMesos.start(MasterSettings.onPort(0), Optional.empty(), List.of(agent));
        framework = Framework.subscribe(cluster.masterPort(), null);
    }

    @AfterEach
    void stop() throws Exception {
        cluster.shutdown(Duration.ofSeconds(1));
        run("umount", "--quiet", runDir.resolve("volume").toString());
    }

    private static boolean run(String... argv) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private TaskStatus launch(String id) throws IOException, InterruptedException {
        framework.launch(Framework.task(id)
                .setCommand(CommandInfo.newBuilder()
                        .setValue("setsid sleep 1000 & echo $! > daemon; echo $$ > self; wait")));
        return framework.await(id, TaskState.TASK_RUNNING);
    }

    private long pid(String file) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            try (var all = Files.walk(directory.resolve("agent-1").resolve("slaves"))) {
                Optional<Path> found = all.filter(path -> path.endsWith(file)).findFirst();
                if (found.isPresent() && !Files.readString(found.get()).isBlank()) {
                    return Long.parseLong(Files.readString(found.get()).strip());
                }
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the task did not write " + file);
    }

    private static boolean lives(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    @Test
    void failsTheTasksOfAnAgentThatKeepsItsId() throws Exception {
        TaskStatus running = launch("t1");
        long task = pid("self");
        long daemon = pid("daemon");

        cluster.rebootAgent("agent-1", Reboot.Identity.KEPT);

        TaskStatus end = framework.await("t1", TaskState.TASK_FAILED);
        assertThat(end.getReason()).isEqualTo(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED);
        assertThat(end.getSource()).isEqualTo(TaskStatus.Source.SOURCE_AGENT);
        assertThat(end.getMessage()).isEqualTo("Abnormal executor termination: unknown container");
        assertThat(lives(task) || lives(daemon)).isFalse();
        assertThat(cluster.agentId("agent-1")).contains(running.getAgentId());
        List<String> lines = Files.readAllLines(bootIds);
        assertThat(lines.get(0)).doesNotContain(BOOT);
        assertThat(lines.get(1)).startsWith("boot.agent-1=").doesNotContain(BOOT);
        assertThat(lines.get(2)).isEqualTo("boot.agent-2=" + BOOT);
    }

    @Test
    void bringsAnotherAgentIfItsIdIsNew() throws Exception {
        AgentID before = launch("t1").getAgentId();

        cluster.rebootAgent("agent-1", Reboot.Identity.NEW);

        Optional<AgentID> after = cluster.agentId("agent-1");
        for (int i = 0; after.isEmpty() && i < 200; i++) {
            Thread.sleep(50);
            after = cluster.agentId("agent-1");
        }
        assertThat(after).isPresent().get().isNotEqualTo(before);
    }

    @Test
    void leavesNoMountAndNoLoopDevice() throws Exception {
        needRootAndExt4();
        Path image = directory.resolve("image");
        assertThat(run("truncate", "--size=4M", image.toString())).isTrue();
        assertThat(run("mkfs.ext4", "-q", image.toString())).isTrue();
        Path volume = Files.createDirectory(runDir.resolve("volume"));
        assertThat(run("mount", "-o", "loop", image.toString(), volume.toString()))
                .isTrue();
        Process user =
                new ProcessBuilder("sleep", "1000").directory(volume.toFile()).start();
        try {
            cluster.rebootAgent("agent-1", Reboot.Identity.KEPT);

            assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(volume.toString());
        } finally {
            user.destroyForcibly().waitFor();
        }
        // The kernel lets go of the device with its last user.
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (loopDevices(image).contains("/dev/loop") && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        assertThat(loopDevices(image)).doesNotContain("/dev/loop");
    }

    private static String loopDevices(Path image) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("losetup", "--associated", image.toString()).start();
        String answer = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return answer;
    }

    private static void needRootAndExt4() throws InterruptedException {
        String missing = "mounts need root and mkfs.ext4 (Debian package e2fsprogs)";
        boolean there = System.getProperty("user.name").equals("root");
        try {
            there &= run("mkfs.ext4", "-V");
        } catch (IOException e) {
            there = false;
        }
        if (!there && "true".equals(System.getenv("CI"))) {
            Assertions.fail(missing);
        }
        Assumptions.assumeTrue(there, missing);
    }
}
