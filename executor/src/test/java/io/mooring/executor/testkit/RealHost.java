package io.mooring.executor.testkit;

import io.mooring.executor.testkit.LoopPlugin.Shell;
import io.mooring.plugin.app.PluginMain;
import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of several hosts over a shared pool: the product's own plugin as a process, and executors in sandboxes. */
public final class RealHost {
    private static final Path LAUNCHER =
            Path.of("target/mooring-executor/bin/mooring-executor").toAbsolutePath();

    private final Path site;
    private final String name;
    private final Process plugin;
    private final List<Process> executors = new ArrayList<>();

    private RealHost(Path site, String name, Process plugin) {
        this.site = site;
        this.name = name;
        this.plugin = plugin;
    }

    /** Starts the plugin of a host of this site. */
    public static RealHost start(Path site, String name) throws IOException, InterruptedException {
        Path home = Files.createDirectories(site.resolve(name));
        Path config = Files.write(
                home.resolve("config.yml"),
                List.of(
                        "libstorage.service: loop",
                        "libstorage.integration.volume.operations.create.default.size: 1",
                        "libstorage.integration.volume.operations.mount.path: " + home.resolve("volumes"),
                        "loop.pool: " + site.resolve("pool"),
                        "loop.host: " + name,
                        "loop.bootId: boot-" + name));
        Process plugin = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PluginMain.class.getName(),
                        "--config",
                        config.toString(),
                        "--plugin-dir",
                        home.resolve("p").toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("plugin.log").toFile())
                .start();
        RealHost host = new RealHost(site, name, plugin);
        host.configure(home.resolve("journal"));
        host.awaitPlugin();
        return host;
    }

    /** Has the executors that start from now on keep their journal there. */
    public void configure(Path journal) throws IOException {
        configure(journal, home().resolve("no-engine.sock"));
    }

    /** The same on a machine whose Docker Engine answers there. */
    public void configure(Path journal, Path dockerSocket) throws IOException {
        Files.writeString(
                home().resolve("agent.json"), """
                {"machine": "%s", "bootId": "boot-%s", "journalDir": "%s",
                 "pluginSocketDirs": ["%s"], "pluginSpecDirs": [], "dockerSocket": "%s"}
                """.formatted(name, name, journal, home().resolve("p"), dockerSocket));
    }

    private void awaitPlugin() throws IOException, InterruptedException {
        for (int i = 0; i < 500 && plugin.isAlive(); i++) {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(home().resolve("p/loop.sock")));
                return;
            } catch (IOException e) {
                Thread.sleep(40);
            }
        }
        throw new AssertionError("no plugin: " + Files.readString(home().resolve("plugin.log")));
    }

    /** Starts an executor with an agent and a sandbox of its own; each task needs one. */
    public Process executor(FakeAgent agent, String task, String... properties) throws IOException {
        Path sandbox = Files.createDirectories(sandbox(task));
        ProcessBuilder builder = new ProcessBuilder(LAUNCHER.toString())
                .directory(sandbox.toFile())
                .redirectOutput(file(sandbox, "stdout"))
                .redirectError(file(sandbox, "stderr"));
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(Map.of(
                "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "JAVA_HOME", System.getProperty("java.home"),
                "MESOS_AGENT_ENDPOINT", agent.address(),
                "MESOS_FRAMEWORK_ID", "framework",
                "MESOS_EXECUTOR_ID", "executor",
                "MESOS_SANDBOX", sandbox.toString(),
                "MESOS_DIRECTORY", sandbox.toString(),
                "MESOS_CHECKPOINT", "1",
                "MOORING_AGENT_CONFIG", home().resolve("agent.json").toString(),
                "MOORING_EXECUTOR_JAVA_OPTS", String.join(" ", properties)));
        environment.put("MESOS_RECOVERY_TIMEOUT", "15mins");
        environment.put("MESOS_SUBSCRIPTION_BACKOFF_MAX", "250ms");
        Process executor = builder.start();
        executors.add(executor);
        return executor;
    }

    public Path home() {
        return site.resolve(name);
    }

    public Path sandbox(String task) {
        return home().resolve("sandbox-" + task);
    }

    public Path mountPoint(String volume) {
        return home().resolve("volumes").resolve(volume);
    }

    /** The mounts below this host's directory, as the kernel writes them. */
    public List<String> mounts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(" " + home().resolve("volumes") + "/"))
                .toList();
    }

    private static File file(Path sandbox, String name) {
        return sandbox.resolve(name).toFile();
    }

    /** Ends all its processes. */
    public void end() throws InterruptedException {
        for (Process executor : executors) {
            executor.destroyForcibly();
            executor.waitFor(10, TimeUnit.SECONDS);
        }
        plugin.destroyForcibly();
        plugin.waitFor(10, TimeUnit.SECONDS);
    }

    /** Takes away every mount and loop device of a site, also those that a failed test left, and its directory. */
    public static void clear(Path site) throws IOException, InterruptedException {
        Thread.sleep(300); // the workloads' namespaces go when their executors have
        List<String> lines = Files.readAllLines(Path.of("/proc/self/mountinfo"));
        for (int i = lines.size() - 1; i >= 0; i--) {
            String point = lines.get(i).split(" ")[4];
            if (point.startsWith(site + "/")) {
                Shell.run("umount", "--lazy", point);
            }
        }
        for (String line : Shell.run("losetup", "--noheadings", "--output", "NAME,BACK-FILE", "--list")
                .lines()
                .toList()) {
            if (line.contains(site + "/")) {
                Shell.run("losetup", "--detach", line.split("\\s+")[0]);
            }
        }
        Shell.run(
                "find",
                site.toString(),
                "-xdev",
                "-type",
                "f",
                "-name",
                "image*",
                "-exec",
                "chattr",
                "-i",
                "{}",
                "+"); // of cuts
        Shell.run("rm", "-rf", "--one-file-system", site.toString());
    }
}
