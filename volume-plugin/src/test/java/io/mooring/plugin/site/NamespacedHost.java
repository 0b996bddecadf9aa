package io.mooring.plugin.site;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A host of its own as far as namespaces go: network, name and mounts, with the directory in which a Docker Engine looks
 * for plugins. It lives until it is closed; mounts that are made in it go with its last process.
 */
public final class NamespacedHost implements AutoCloseable {
    private final Process holder;

    private NamespacedHost(Process holder) {
        this.holder = holder;
    }

    /**
     * Makes one.
     *
     * @param plugins where its plugins have their sockets
     */
    public static NamespacedHost start(String name, Path plugins) throws IOException {
        Files.createDirectories(plugins);
        String make =
                "mount -t tmpfs run /run && mkdir -p /run/docker/plugins && mount --bind \"$1\" /run/docker/plugins"
                        + " && hostname \"$2\" && echo ready && exec cat";
        Process holder = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--net",
                        "--uts",
                        "--propagation",
                        "slave",
                        "sh",
                        "-c",
                        make,
                        "host",
                        plugins.toString(),
                        name)
                .redirectErrorStream(true)
                .start();
        byte[] said = holder.getInputStream().readNBytes("ready".length());
        if (!new String(said, StandardCharsets.UTF_8).equals("ready")) {
            throw new IOException("no host: " + new String(said, StandardCharsets.UTF_8)
                    + new String(holder.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        return new NamespacedHost(holder);
    }

    /** What runs a command in it. */
    public List<String> inside() {
        return List.of("nsenter", "--target", Long.toString(holder.pid()), "--mount", "--net", "--uts", "--");
    }

    /** The mount points in it below a directory. */
    public List<String> mountsBelow(Path directory) throws IOException {
        List<String> points = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/" + holder.pid() + "/mountinfo"))) {
            String point = line.split(" ")[4];
            if (point.startsWith(directory + "/")) {
                points.add(point);
            }
        }
        return points;
    }

    @Override
    public void close() throws IOException {
        holder.destroyForcibly();
        try {
            holder.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
