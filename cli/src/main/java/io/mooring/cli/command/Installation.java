package io.mooring.cli.command;

import io.mooring.local.process.LocalCluster;
import io.mooring.local.process.LocalSettings;
import io.mooring.local.process.LocalSettings.Driver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is there of this installation and machine. */
final class Installation {
    private static final Map<String, String> FILE_SYSTEM_TOOLS =
            new TreeMap<>(Map.of("mkfs.ext4", "e2fsprogs", "mkfs.xfs", "xfsprogs", "mkfs.btrfs", "btrfs-progs"));

    private Installation() {}

    /** How this program is called again, before its arguments. */
    static List<String> selfCommand() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dcom.google.protobuf.use_unsafe_pre22_gencode=true",
                "-cp",
                System.getProperty("java.class.path"),
                "io.mooring.cli.MooringMain");
    }

    /** Where clusters live that were given no directory: {@code ~/.mooring}. A shell's {@code ~} is HOME first. */
    static Path home() {
        String fromEnvironment = System.getenv("HOME");
        boolean usable = fromEnvironment != null && fromEnvironment.startsWith("/");
        return Path.of(usable ? fromEnvironment : System.getProperty("user.home"), ".mooring");
    }

    /** The executor's launcher, as the mooring launcher names it. */
    static Path executor() {
        String named = System.getProperty("mooring.executor", "");
        Path executor = Path.of(named);
        if (named.isEmpty() || !Files.isExecutable(executor)) {
            throw new IllegalArgumentException("the executor is not at '" + named
                    + "'; start this command by the mooring launcher, which builds it");
        }
        return executor.toAbsolutePath();
    }

    /** Loop devices where they can be had, else directories. */
    static Driver driver() {
        boolean loopDevices = Files.exists(Path.of("/dev/loop-control"));
        return LocalCluster.root() && loopDevices ? Driver.LOOP : Driver.VFS;
    }

    /** Why it is this driver, in a line. */
    static String driverRemark(LocalSettings settings) {
        return switch (settings.driver()) {
            case LOOP -> "loop (loop devices with real file systems)";
            case VFS ->
                "vfs (plain directories), because "
                        + (LocalCluster.root() ? "there is no /dev/loop-control" : "this is not root")
                        + "; other task users, limits, Docker and loop devices are not to be had";
        };
    }

    /** A line for each missing tool that makes file systems, with its Debian package. */
    static List<String> missingTools(Driver driver) {
        List<String> missing = new ArrayList<>();
        if (driver == Driver.LOOP) {
            FILE_SYSTEM_TOOLS.forEach((tool, debian) -> {
                if (!onPath(tool)) {
                    missing.add(tool + " is missing (Debian package " + debian
                            + "); apps that ask for that file system wait");
                }
            });
        }
        return missing;
    }

    private static boolean onPath(String tool) {
        for (String directory :
                List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/local/bin")) {
            if (Files.isExecutable(Path.of(directory, tool))) {
                return true;
            }
        }
        return false;
    }
}
