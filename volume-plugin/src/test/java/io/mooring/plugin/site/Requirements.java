package io.mooring.plugin.site;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mooring.plugin.process.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a test needs of its machine. Where it is missing the test is skipped and says so; with CI=true it fails. */
public final class Requirements {
    private Requirements() {}

    /** Root, loop devices and the programs that make file systems. */
    public static void loopDevices() {
        require(Files.isWritable(Path.of("/dev/loop-control")), "root and loop devices");
        for (String[] tool : List.of(
                new String[] {"mkfs.ext4", "e2fsprogs"},
                new String[] {"mkfs.xfs", "xfsprogs"},
                new String[] {"mkfs.btrfs", "btrfs-progs"},
                new String[] {"losetup", "mount"},
                new String[] {"mkswap", "util-linux"},
                new String[] {"unshare", "util-linux"})) {
            require(Programs.ofTheSystem().find(tool[0]).isPresent(), "the Debian package " + tool[1]);
        }
    }

    private static final List<String[]> DOCKER = List.of(
            new String[] {"dockerd", "docker.io"},
            new String[] {"containerd", "containerd"},
            new String[] {"iptables", "iptables"},
            new String[] {"ip", "iproute2"},
            new String[] {"busybox", "busybox-static"});

    /** A Docker Engine, and what images are made of. */
    public static void dockerEngine() {
        for (String[] tool : DOCKER) {
            require(has(tool), "the Debian package " + tool[1]);
        }
    }

    /** Whether there is all that for tests that have others beside them. */
    public static boolean hasDockerEngine() {
        return DOCKER.stream().allMatch(Requirements::has);
    }

    private static boolean has(String[] tool) {
        return Programs.ofTheSystem().find(tool[0]).isPresent();
    }

    /** A server from a Debian package: any of these programs is it. */
    public static void server(String debianPackage, Path... programs) {
        for (Path program : programs) {
            if (Files.isExecutable(program)) {
                return;
            }
        }
        require(false, "the Debian package " + debianPackage);
    }

    /** One program, and the Debian package that has it. */
    public static void program(String name, String debianPackage) {
        require(Programs.ofTheSystem().find(name).isPresent(), "the Debian package " + debianPackage);
    }

    /** Where Python is. */
    public static Path python() {
        Path python = Path.of("/usr/bin/python3");
        require(Files.isExecutable(python), "the Debian package python3");
        return python;
    }

    private static void require(boolean present, String what) {
        if ("true".equals(System.getenv("CI")) && !present) {
            throw new AssertionError("this machine lacks " + what);
        }
        assumeTrue(present, "this machine lacks " + what);
    }
}
