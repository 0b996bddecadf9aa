package io.mooring.executor.testkit;

import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.command.TaskOrder.Workload;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.executor.testkit.LoopPlugin.Shell;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real executor process in a sandbox, with a fake agent and a plugin that really mounts. */
public final class ExecutorFixture {
    public static final String TASK = "task-1";
    private static final Path LAUNCHER =
            Path.of("target/mooring-executor/bin/mooring-executor").toAbsolutePath();

    private final Path directory;
    private final FakeAgent agent = new FakeAgent();
    private final LoopPlugin loop;
    private final StubPlugin plugin;
    private Process process;
    private long startedAt;

    public ExecutorFixture(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.loop = new LoopPlugin(directory);
        Path plugins = Files.createDirectories(directory.resolve("plugins"));
        this.plugin = new StubPlugin(plugins.resolve("loop.sock"), loop);
        Files.createDirectories(sandbox());
        Files.writeString(directory.resolve("agent.json"), """
                {"machine": "machine-1", "bootId": "boot-1", "journalDir": "%s/journal",
                 "pluginSocketDirs": ["%s"], "pluginSpecDirs": []}
                """.formatted(directory, plugins));
    }

    public FakeAgent agent() {
        return agent;
    }

    public LoopPlugin loop() {
        return loop;
    }

    public StubPlugin plugin() {
        return plugin;
    }

    public Process process() {
        return process;
    }

    /** Where everything of this machine lies. */
    public Path directory() {
        return directory;
    }

    public Path sandbox() {
        return directory.resolve("sandbox");
    }

    public Path journal() {
        return directory.resolve("journal");
    }

    /** Starts the executor from its distribution, as an agent does. */
    public void start(String... properties) throws IOException {
        agent.expectAnother();
        startedAt = System.nanoTime();
        process = start(agent, List.of(LAUNCHER.toString()), properties);
    }

    /** Another executor on the same machine, with an agent of its own. */
    public Process startAnother(FakeAgent other) throws IOException {
        return start(other, List.of(LAUNCHER.toString()));
    }

    /** The same as a user who is not root, who owns the sandbox and all else. */
    public void startAsNobody() throws IOException, InterruptedException {
        Shell.run("cp", "-a", LAUNCHER.getParent().getParent().toString(), directory.toString());
        Shell.run("chown", "-R", "nobody", directory.toString());
        Shell.run("chmod", "755", directory.toString());
        agent.expectAnother();
        process = start(
                agent,
                List.of(
                        "setpriv",
                        "--reuid=nobody",
                        "--regid=nogroup",
                        "--clear-groups",
                        directory
                                .resolve("mooring-executor/bin/mooring-executor")
                                .toString()));
    }

    /** An executor of an agent with more variables than the usual ones. */
    public Process startWith(FakeAgent other, Map<String, String> variables) throws IOException {
        ProcessBuilder builder = prepared(other, List.of(LAUNCHER.toString()));
        builder.environment().putAll(variables);
        return builder.start();
    }

    private Process start(FakeAgent of, List<String> command, String... properties) throws IOException {
        return prepared(of, command, properties).start();
    }

    private ProcessBuilder prepared(FakeAgent of, List<String> command, String... properties) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(sandbox().toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(out("stdout")))
                .redirectError(ProcessBuilder.Redirect.appendTo(out("stderr")));
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(Map.of(
                "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "JAVA_HOME", System.getProperty("java.home"),
                "MESOS_AGENT_ENDPOINT", of.address(),
                "MESOS_FRAMEWORK_ID", "framework",
                "MESOS_EXECUTOR_ID", "executor",
                "MESOS_SANDBOX", sandbox().toString(),
                "MESOS_DIRECTORY", sandbox().toString(),
                "MESOS_EXECUTOR_AUTHENTICATION_TOKEN", "secret",
                "MOORING_AGENT_CONFIG", directory.resolve("agent.json").toString(),
                "MOORING_EXECUTOR_JAVA_OPTS", String.join(" ", properties)));
        environment.put("MESOS_CHECKPOINT", "1");
        environment.put("MESOS_RECOVERY_TIMEOUT", "15mins");
        environment.put("MESOS_SUBSCRIPTION_BACKOFF_MAX", "250ms");
        environment.put("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", "20secs");
        return builder;
    }

    /** From the start of the process to its SUBSCRIBE. */
    public Duration startTime() throws InterruptedException {
        while (agent.subscribedAt() < startedAt) {
            Thread.sleep(1);
        }
        return Duration.ofNanos(agent.subscribedAt() - startedAt);
    }

    private File out(String name) {
        return sandbox().resolve(name).toFile();
    }

    public String output(String name) throws IOException {
        return Files.exists(sandbox().resolve(name))
                ? Files.readString(sandbox().resolve(name), StandardCharsets.UTF_8)
                : "";
    }

    public static ClaimedVolume volume(String name, long fence, Optional<String> path) {
        return volume(name, fence, path, MountMode.READ_WRITE, CreatePolicy.IF_MISSING);
    }

    public static ClaimedVolume volume(
            String name, long fence, Optional<String> path, MountMode mode, CreatePolicy create) {
        return new ClaimedVolume(
                new ClaimId("claim-" + name + "-" + fence),
                fence,
                new VolumeRequest(
                        new DriverName("loop"),
                        new VolumeName(name),
                        Map.of("size", "1"),
                        path,
                        mode,
                        AccessMode.SINGLE_WRITER,
                        create));
    }

    public static RunWorkload order(String command, ClaimedVolume... volumes) {
        return order(command, Optional.empty(), volumes);
    }

    public static RunWorkload order(String command, Optional<String> user, ClaimedVolume... volumes) {
        return new RunWorkload(
                7,
                new Workload(
                        Optional.of(command),
                        List.of(),
                        user,
                        Map.of("GREETING", "hello world"),
                        "/var/lib/rexray/volumes/{name}",
                        Duration.ofSeconds(5)),
                List.of(volumes));
    }

    public static SchedulerMessage.Go go(RunWorkload order) {
        return new SchedulerMessage.Go(
                new TaskId(TASK),
                order.epoch(),
                order.volumes().stream()
                        .map(volume -> new SchedulerMessage.Grant(volume.claim(), volume.fence()))
                        .toList());
    }

    public void close() throws IOException, InterruptedException {
        if (process != null && process.isAlive()) {
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
            Thread.sleep(500);
        }
        agent.close();
        plugin.close();
        loop.close();
    }
}
