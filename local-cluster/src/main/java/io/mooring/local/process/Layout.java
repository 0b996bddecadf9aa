package io.mooring.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.zip.CRC32;

/** Where the parts of a local cluster lie, below its directory and below its run directory. */
record Layout(Path directory, Path run) {
    private static final Path SELF = Path.of("/proc/self");

    /**
     * The layout of a cluster in this directory. Sockets and mounts lie in a short run directory, because a socket's path
     * may have 107 bytes only, whatever the directory is called.
     */
    static Layout of(Path directory, boolean root) {
        Path absolute = directory.toAbsolutePath().normalize();
        CRC32 name = new CRC32();
        name.update(absolute.toString().getBytes(StandardCharsets.UTF_8));
        String hash = HexFormat.of().toHexDigits((int) name.getValue());
        Path base = root ? Path.of("/run") : Path.of(System.getProperty("java.io.tmpdir"));
        return new Layout(absolute, base.resolve("mooring-" + hash));
    }

    void create() throws IOException {
        for (Path path : new Path[] {directory, configuration(), logs(), pool()}) {
            Files.createDirectories(path);
        }
        if (!Files.exists(run, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    run, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        }
        checkOwner();
    }

    /** In a directory that everybody may write to, somebody else may have been there first. */
    private void checkOwner() throws IOException {
        boolean plain = Files.isDirectory(run, LinkOption.NOFOLLOW_LINKS);
        if (!plain || !Files.getOwner(run).equals(Files.getOwner(SELF))) {
            throw new IOException("the run directory " + run + " is " + (plain ? "somebody else's" : "no directory")
                    + "; it has to be removed, or another directory chosen with --dir");
        }
    }

    /** The agents that an earlier stop drained, a line for each; whoever else drained one wants it to stay so. */
    Path drainedByStop() {
        return directory.resolve("drained-by-stop");
    }

    Path lock() {
        return directory.resolve("lock");
    }

    Path processes() {
        return directory.resolve("processes.json");
    }

    Path identities() {
        return directory.resolve("machines.properties");
    }

    Path configuration() {
        return directory.resolve("config");
    }

    Path logs() {
        return directory.resolve("logs");
    }

    Path pool() {
        return directory.resolve("pool");
    }

    Path zooKeeper() {
        return directory.resolve("zookeeper");
    }

    /** The highest epoch that a scheduler has seen here. */
    Path epochs() {
        return directory.resolve("epoch.json");
    }

    Path agent(String name) {
        return directory.resolve("agents").resolve(name);
    }

    Path journal(String name) {
        return directory.resolve("journal").resolve(name);
    }

    Path pluginSockets(String agent) {
        return run.resolve(agent).resolve("plugins");
    }

    Path mounts(String agent) {
        return run.resolve(agent).resolve("volumes");
    }
}
