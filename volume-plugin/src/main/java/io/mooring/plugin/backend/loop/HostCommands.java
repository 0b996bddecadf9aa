package io.mooring.plugin.backend.loop;

import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.process.CommandResult;
import io.mooring.plugin.process.Commands;
import io.mooring.plugin.volume.Access;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.UnfinishedException;
import io.mooring.plugin.volume.VolumeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The external programs of this driver, each with its arguments, its deadline, and its failure in words. */
final class HostCommands {
    private static final Map<String, String> PACKAGES = new TreeMap<>(Map.of(
            "losetup",
            "mount",
            "mount",
            "mount",
            "umount",
            "mount",
            "blkid",
            "util-linux",
            "du",
            "coreutils",
            "chattr",
            "e2fsprogs",
            "cp",
            "coreutils"));

    private final Commands commands;
    private final Deadlines deadlines;

    HostCommands(Commands commands, Deadlines deadlines) {
        this.commands = commands;
        this.deadlines = deadlines;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    /** Refuses when a program of every mount is missing. */
    void requireTools() throws VolumeException {
        for (Map.Entry<String, String> tool : PACKAGES.entrySet()) {
            if (!commands.has(tool.getKey())) {
                throw new VolumeException(tool.getKey() + " is missing; install the Debian package " + tool.getValue());
            }
        }
    }

    /** Refuses when the file system cannot be made on this host. */
    void requireMkfs(FsType type) throws VolumeException {
        if (!commands.has(type.mkfs())) {
            throw new VolumeException("file system " + type.label() + " cannot be made on this host: " + type.mkfs()
                    + " is missing; install the Debian package " + type.debianPackage());
        }
    }

    CommandResult losetup(String... arguments) throws VolumeException {
        return run(deadlines.quick(), "losetup", arguments);
    }

    CommandResult blkid(String node) throws VolumeException {
        return run(deadlines.quick(), "blkid", "-p", "-o", "export", node);
    }

    /** Takes away every signature, also those that no mkfs writes over. */
    void wipefs(String node) throws VolumeException {
        if (!commands.has("wipefs")) {
            throw new VolumeException("wipefs is missing; install the Debian package util-linux");
        }
        require(run(deadlines.quick(), "wipefs", "--all", "--force", node), "cannot take away what is on " + node);
    }

    void mkfs(FsType type, String node) throws VolumeException {
        // The device was found blank, to hold what an interrupted mkfs of ours left, or was given up; mkfs itself need
        // not ask again.
        List<String> arguments = new ArrayList<>(List.of("-q", type == FsType.EXT4 ? "-F" : "-f"));
        if (type == FsType.XFS) {
            // The device may have larger sectors one day, when its file shares blocks with a copy; smaller ones never
            // hurt.
            arguments.addAll(List.of("-s", "size=4096"));
        }
        arguments.add(node);
        require(
                run(deadlines.mkfs(), type.mkfs(), arguments.toArray(String[]::new)),
                "cannot make " + type.label() + " on " + node);
    }

    void mount(FsType type, Access access, String node, Path mountPoint) throws VolumeException {
        List<String> arguments = new ArrayList<>(List.of("-t", type.label()));
        String options = options(type, access);
        if (!options.isEmpty()) {
            arguments.addAll(List.of("-o", options));
        }
        arguments.addAll(List.of("--", node, mountPoint.toString()));
        require(
                run(deadlines.mount(), "mount", arguments.toArray(String[]::new)),
                "cannot mount " + node + " at " + mountPoint);
    }

    /** A read-only mount of ext4, xfs or btrfs writes all the same when there is a journal to be replayed. */
    private static String options(FsType type, Access access) {
        return switch (access) {
            case READ_WRITE -> type == FsType.XFS ? "nouuid" : "";
            case READ_ONLY ->
                switch (type) {
                    case EXT4 -> "ro,noload";
                    case XFS -> "ro,norecovery,nouuid";
                    case BTRFS -> "ro,rescue=nologreplay";
                };
        };
    }

    CommandResult chattr(String change, Path file) throws VolumeException {
        return run(deadlines.quick(), "chattr", change, "--", file.toString());
    }

    /** A copy that shares the blocks of the original where the pool's file system can do that, and keeps its holes. */
    CommandResult copy(Path from, Path to) throws VolumeException {
        return run(
                deadlines.mkfs(),
                "cp",
                "--reflink=auto",
                "--sparse=always",
                "--preserve=mode,ownership",
                "--",
                from.toString(),
                to.toString());
    }

    /** A copy made in one instant, or none. */
    CommandResult reflink(Path from, Path to) throws VolumeException {
        return run(
                deadlines.quick(),
                "cp",
                "--reflink=always",
                "--preserve=mode,ownership",
                "--",
                from.toString(),
                to.toString());
    }

    /** Holds a mounted file system still, or lets it go on. */
    CommandResult fsfreeze(String what, Path mountPoint) throws VolumeException {
        return run(deadlines.quick(), "fsfreeze", what, mountPoint.toString());
    }

    /** Runs a tool of a file system. */
    CommandResult check(String program, FsType type, String... arguments) throws VolumeException {
        if (!commands.has(program)) {
            throw new VolumeException("a " + type.label() + " has to be looked after before it is used, and " + program
                    + " is missing; install the Debian package " + type.debianPackage());
        }
        return run(deadlines.mkfs(), program, arguments);
    }

    /** Changes how a mount point takes part in propagation, or binds it over itself. */
    void mountRoot(String... arguments) throws VolumeException {
        require(run(deadlines.quick(), "mount", arguments), "cannot prepare the mount root");
    }

    CommandResult umount(Path mountPoint) throws VolumeException {
        return run(deadlines.unmount(), "umount", "--", mountPoint.toString());
    }

    /** Unmounts, and tells the kernel to detach the loop device below: as {@code losetup --detach}, by the same program. */
    CommandResult umountAndDetach(Path mountPoint) throws VolumeException {
        return run(deadlines.unmount(), "umount", "--detach-loop", "--", mountPoint.toString());
    }

    CommandResult du(Path directory) throws VolumeException {
        return run(deadlines.quick(), "du", "-s", "--block-size=1", "--", directory.toString());
    }

    private CommandResult run(Duration deadline, String program, String... arguments) throws VolumeException {
        try {
            return commands.run(deadline, program, arguments);
        } catch (CommandException e) {
            if (e.ended().isDone()) {
                throw new VolumeException(e.getMessage(), e);
            }
            throw new UnfinishedException(e.getMessage(), e, e.ended());
        }
    }

    private static void require(CommandResult result, String what) throws VolumeException {
        if (!result.succeeded()) {
            throw new VolumeException(what + ": " + result.complaint());
        }
    }
}
