package io.mooring.plugin.site;

import io.mooring.plugin.mounttable.MountEntry;
import io.mooring.plugin.mounttable.MountTable;
import io.mooring.plugin.pool.FileTree;
import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.process.CommandResult;
import io.mooring.plugin.process.Commands;
import io.mooring.plugin.process.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Hosts that share a pool, in one temporary directory. Closing it ends the plugins and takes away every mount and loop
 * device below that directory, also those that a failed test left.
 */
public final class Site implements AutoCloseable {
    private final String driver;
    private final Path directory;
    private final Commands commands = new Commands(Programs.ofTheSystem());
    private final List<PluginProcess> plugins = new ArrayList<>();

    private Site(String driver, Path directory) {
        this.driver = driver;
        this.directory = directory;
    }

    public static Site of(String driver) throws IOException {
        return new Site(driver, Files.createTempDirectory("site").toRealPath());
    }

    /** Starts the plugin of a host and waits until it serves. */
    public PluginProcess start(String host, String... lines) throws IOException {
        return launch(host, lines).awaitReady();
    }

    /** Starts the plugin of a host. */
    public PluginProcess launch(String host, String... lines) throws IOException {
        return launch(List.of(), host, lines);
    }

    /** Starts the plugin of a host by a command that runs others in namespaces of that host. */
    public PluginProcess launch(List<String> inside, String host, String... lines) throws IOException {
        Path home = Files.createDirectories(directory.resolve(host));
        Path config = home.resolve("config.yml");
        List<String> text = new ArrayList<>(List.of(
                "libstorage.service: " + driver,
                "libstorage.integration.volume.operations.create.default.size: 1",
                "libstorage.integration.volume.operations.mount.path: " + mountRoot(host),
                driver + ".pool: " + pool(),
                driver + ".host: " + host));
        text.addAll(List.of(lines));
        Files.write(config, text);
        PluginProcess plugin = PluginProcess.start(
                inside,
                config,
                pluginDirectory(host),
                driver,
                home.resolve("log"),
                Files.createDirectories(crashPoints()));
        plugins.add(plugin);
        return plugin;
    }

    /** Where everything of it lies. */
    public Path directory() {
        return directory;
    }

    /** Where a test makes the files that stop a plugin at a step. */
    public Path crashPoints() {
        return directory.resolve("points");
    }

    public Path pool() {
        return directory.resolve("pool");
    }

    public Path mountRoot(String host) {
        return directory.resolve(host).resolve("volumes");
    }

    public Path pluginDirectory(String host) {
        return directory.resolve(host).resolve("p");
    }

    public Path image(String key) {
        return pool().resolve("volumes").resolve(key).resolve("image");
    }

    /** Runs a program that has to succeed, and returns its output. */
    public String run(String program, String... arguments) throws CommandException {
        CommandResult result = commands.run(Duration.ofMinutes(1), program, arguments);
        if (!result.succeeded()) {
            throw new AssertionError(program + ": " + result.complaint());
        }
        return result.stdout().strip();
    }

    /** Loop devices that hold the file of a volume. */
    public String devicesOf(String key) throws CommandException {
        return run(
                "losetup",
                "--noheadings",
                "--output",
                "NAME",
                "--associated",
                image(key).toString());
    }

    /** Mounts below a host's mount root. */
    public List<String> mountsOf(String host) {
        Path root = mountRoot(host);
        return new MountTable(Path.of("/proc"))
                .now().entries().stream()
                        .map(MountEntry::mountPoint)
                        .filter(point -> point.startsWith(root + "/"))
                        .toList();
    }

    @Override
    public void close() throws IOException, CommandException {
        plugins.forEach(PluginProcess::kill);
        unmount(point -> !point.equals(pool().toString()));
        detach();
        unmount(point -> true); // a pool that is a mount itself, once nothing in it is attached any more
        detach();
        commands.run(
                Duration.ofMinutes(1), "chattr", "-R", "-f", "-i", directory.toString()); // of a cut that was cut short
        FileTree.delete(directory);
    }

    private void unmount(Predicate<String> which) throws CommandException {
        List<MountEntry> mounts = new MountTable(Path.of("/proc")).now().entries();
        for (int i = mounts.size() - 1; i >= 0; i--) {
            String point = mounts.get(i).mountPoint();
            if (point.startsWith(directory + "/") && which.test(point)) {
                commands.run(Duration.ofMinutes(1), "umount", "--lazy", "--", point);
            }
        }
    }

    private void detach() throws CommandException {
        if (!Files.isWritable(Path.of("/dev/loop-control"))) {
            return;
        }
        for (String line : run("losetup", "--noheadings", "--output", "NAME,BACK-FILE", "--list")
                .lines()
                .toList()) {
            if (line.contains(directory + "/")) {
                commands.run(Duration.ofMinutes(1), "losetup", "--detach", line.split("\\s+")[0]);
            }
        }
    }
}
