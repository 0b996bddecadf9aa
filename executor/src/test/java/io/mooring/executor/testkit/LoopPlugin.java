package io.mooring.executor.testkit;

import io.mooring.executor.testkit.StubPlugin.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A plugin that really makes and mounts ext4 on loop devices, below a shared mount of its own. */
public final class LoopPlugin implements StubPlugin.Behaviour {
    private static final Pattern NAME = Pattern.compile("\"Name\":\"([^\"]*)\"");

    private final Path pool;
    private final Path mounts;
    private final Map<String, String> devices = new TreeMap<>();

    public LoopPlugin(Path directory) throws IOException, InterruptedException {
        this.pool = Files.createDirectories(directory.resolve("pool"));
        this.mounts = Files.createDirectories(directory.resolve("volumes"));
        Shell.run("mount", "--bind", mounts.toString(), mounts.toString());
        Shell.run("mount", "--make-shared", mounts.toString());
    }

    public Path image(String volume) {
        return pool.resolve(volume + ".img");
    }

    public Path mountPoint(String volume) {
        return mounts.resolve(volume);
    }

    @Override
    public synchronized Answer answer(String method, String body) throws IOException, InterruptedException {
        Matcher matcher = NAME.matcher(body);
        String name = matcher.find() ? matcher.group(1) : "";
        return switch (method) {
            case "Plugin.Activate" -> Answer.ok("{\"Implements\": [\"VolumeDriver\"]}");
            case "VolumeDriver.Get" -> get(name);
            case "VolumeDriver.Create" -> create(name);
            case "VolumeDriver.Mount" -> mount(name);
            case "VolumeDriver.Unmount" -> unmount(name);
            case "VolumeDriver.Capabilities" -> Answer.ok("{\"Capabilities\": {\"Scope\": \"global\"}}");
            case "VolumeDriver.List" -> Answer.ok("{\"Volumes\": [{\"Name\": \"listed\"}], \"Err\": \"\"}");
            default -> new Answer(404, "page not found");
        };
    }

    private Answer get(String name) {
        if (!Files.exists(image(name))) {
            return new Answer(500, "{\"Err\":\"volume " + name + ": resource not found\"}");
        }
        String point = devices.containsKey(name) ? mountPoint(name).toString() : "";
        return Answer.ok("{\"Volume\": {\"Name\": \"" + name + "\", \"Mountpoint\": \"" + point + "\"}}");
    }

    private Answer create(String name) throws IOException, InterruptedException {
        Shell.run("truncate", "-s", "16M", image(name).toString());
        Shell.run("mkfs.ext4", "-q", "-F", image(name).toString());
        return Answer.ok("{}");
    }

    private Answer mount(String name) throws IOException, InterruptedException {
        Files.createDirectories(mountPoint(name));
        String device = Shell.run(
                "losetup", "--find", "--show", "--nooverlap", image(name).toString());
        Shell.run("mount", device, mountPoint(name).toString());
        devices.put(name, device);
        return Answer.ok("{\"Mountpoint\": \"" + mountPoint(name) + "\"}");
    }

    private Answer unmount(String name) throws IOException, InterruptedException {
        String device = devices.get(name);
        if (device == null) {
            return new Answer(500, "{\"Err\":\"volume " + name + ": resource not found\"}");
        }
        try {
            Shell.run("umount", mountPoint(name).toString());
        } catch (IOException e) {
            return new Answer(500, "{\"Err\":\"the mount is busy\"}");
        }
        Shell.run("losetup", "-d", device);
        devices.remove(name);
        return Answer.ok("{}");
    }

    /** Whether any loop device holds the volume. */
    public boolean attached(String volume) throws IOException, InterruptedException {
        return !Shell.run("losetup", "-j", image(volume).toString()).isEmpty();
    }

    public void close() throws IOException, InterruptedException {
        List<String> left = new ArrayList<>(devices.keySet());
        for (String name : left) {
            unmount(name);
        }
        Shell.run("umount", mounts.toString());
    }

    /** Runs one program of the system for a test. */
    public static final class Shell {
        private Shell() {}

        /** Its output; an error with the output if it does not succeed within a minute. */
        public static String run(String... argv) throws IOException, InterruptedException {
            Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", argv) + ": " + output);
            }
            return output.strip();
        }
    }
}
