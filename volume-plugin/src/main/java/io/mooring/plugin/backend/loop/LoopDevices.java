package io.mooring.plugin.backend.loop;

import io.mooring.plugin.process.CommandResult;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Attaches files to loop devices and takes them off again. Two traps of the kernel shape it: a file can be attached
 * twice in silence, and a detach of a device that is in use answers success and only marks the device. So the devices
 * that hold a file are always asked for, and a detach is over when there are none.
 */
final class LoopDevices {
    private static final Duration FIRST_WAIT = Duration.ofMillis(5);
    private static final Duration LONGEST_WAIT = Duration.ofMillis(200);

    private final HostCommands commands;
    private final KernelLoops kernel = new KernelLoops(Path.of("/sys/block"), Path.of("/proc/partitions"));

    LoopDevices(HostCommands commands) {
        this.commands = commands;
    }

    /**
     * The device that was attached under this name, if there is one.
     *
     * @throws VolumeException when several are: then what is on the file is already in danger
     */
    Optional<LoopDevice> holding(Path file) throws VolumeException {
        List<LoopDevice> devices = attachedAs(file);
        if (devices.size() > 1) {
            throw new VolumeException(file + " is attached to several loop devices at once, "
                    + devices.get(0).node() + " and " + devices.get(1).node()
                    + "; detach all but the one in use, by hand");
        }
        return devices.stream().findFirst();
    }

    /** Has the device see that its file has become longer. */
    void readSizeAgain(LoopDevice device) throws VolumeException {
        CommandResult result = commands.losetup("--set-capacity", device.node());
        if (!result.succeeded()) {
            throw new VolumeException(device.node() + " does not take its new size: " + result.complaint());
        }
    }

    /**
     * Attaches a file to write; no device may hold it. That is looked at afterwards, not by {@code losetup --nooverlap}, which
     * looks before it attaches, at every device that there ever was.
     */
    LoopDevice attach(Path file) throws VolumeException {
        LoopDevice device = attachAs(file, List.of());
        Optional<LoopDevice> another =
                among(file, node -> !node.equals(device.node())).stream().findFirst();
        if (another.isPresent()) {
            commands.losetup("--detach", device.node());
            throw new VolumeException(file + " was attached to " + another.get().node() + " by somebody else, so "
                    + device.node() + " was detached again; detach the other one, if nobody uses it");
        }
        return device;
    }

    /** Attaches a file to read; other names of it may be attached, to read. */
    LoopDevice attachReadOnly(Path file) throws VolumeException {
        return attachAs(file, List.of("--read-only"));
    }

    /** With the sectors that its file system counts on, where those that the kernel would choose may be too large. */
    private LoopDevice attachAs(Path file, List<String> access) throws VolumeException {
        List<String> how = new ArrayList<>(access);
        try {
            SmallSectors.in(file).ifPresent(size -> how.addAll(List.of("--sector-size", String.valueOf(size))));
        } catch (IOException e) {
            throw new VolumeException("cannot look at " + file + ": " + e.getMessage(), e);
        }
        return attach(file, how);
    }

    private LoopDevice attach(Path file, List<String> how) throws VolumeException {
        CommandResult attached = losetup(file, how, "--direct-io=on");
        if (!attached.succeeded()) {
            // Not every file system below a pool can do direct I/O. losetup may have attached before it found out.
            detach(file);
            attached = losetup(file, how, "--direct-io=off");
            if (!attached.succeeded()) {
                throw new VolumeException("cannot attach " + file + " to a loop device: " + attached.complaint());
            }
        }
        Optional<LoopDevice> shown = kernel.at(attached.stdout().strip(), file);
        return shown.isPresent()
                ? shown.get()
                : holding(file)
                        .orElseThrow(() ->
                                new VolumeException("losetup answered success, but no loop device holds " + file));
    }

    private CommandResult losetup(Path file, List<String> how, String direct) throws VolumeException {
        List<String> arguments = new ArrayList<>(List.of("--find", "--show", direct));
        arguments.addAll(how);
        arguments.addAll(List.of("--", file.toString()));
        return commands.losetup(arguments.toArray(String[]::new));
    }

    /**
     * Detaches what is attached under this name. A device is told once: when it goes while we wait, its node may be
     * another file's a moment later.
     *
     * @return the device that holds it still, because somebody has that open or mounted; empty when it is detached
     */
    Optional<LoopDevice> detach(Path file) throws VolumeException {
        List<LoopDevice> left = attachedAs(file);
        for (LoopDevice device : left) {
            if (!device.leaving()) {
                commands.losetup("--detach", device.node()); // its answer proves nothing either way
            }
        }
        return left.isEmpty() ? Optional.empty() : awaitDetached(file);
    }

    private Optional<LoopDevice> awaitDetached(Path file) throws VolumeException {
        long deadline = System.nanoTime() + commands.deadlines().detach().toNanos();
        Duration wait = FIRST_WAIT;
        List<LoopDevice> left = attachedAs(file);
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            pause(wait);
            wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
            left = attachedAs(file);
        }
        return left.stream().findFirst();
    }

    private List<LoopDevice> attachedAs(Path file) throws VolumeException {
        return all(file).stream().filter(device -> device.attachedAs(file)).toList();
    }

    /** All devices of a file, whatever its name: by device and inode, for paths differ between mount namespaces. */
    List<LoopDevice> all(Path file) throws VolumeException {
        return among(file, node -> true);
    }

    private List<LoopDevice> among(Path file, Predicate<String> nodes) throws VolumeException {
        if (!Files.exists(file)) {
            return List.of();
        }
        Optional<List<LoopDevice>> shown = kernel.holding(file, nodes);
        return shown.isPresent()
                ? shown.get()
                : told(file).stream().filter(found -> nodes.test(found.node())).toList();
    }

    private List<LoopDevice> told(Path file) throws VolumeException {
        CommandResult result = commands.losetup(
                "--noheadings",
                "--raw",
                "--output",
                "NAME,MAJ:MIN,AUTOCLEAR,RO,BACK-FILE",
                "--associated",
                file.toString());
        if (!result.succeeded()) {
            throw new VolumeException("cannot ask which loop devices hold " + file + ": " + result.complaint());
        }
        List<LoopDevice> devices = new ArrayList<>();
        for (String line :
                result.stdout().lines().filter(text -> !text.isBlank()).toList()) {
            String[] columns = line.strip().split(" ", 5);
            devices.add(new LoopDevice(
                    columns[0],
                    unescape(columns[1]).strip(), // padded, with blanks escaped
                    columns[2].equals("1"),
                    columns[3].equals("1"),
                    columns.length < 5 ? "" : unescape(columns[4])));
        }
        return devices;
    }

    /** losetup writes a blank in a column as an escape. */
    private static String unescape(String column) {
        return column.replace("\\x20", " ");
    }

    private static void pause(Duration wait) throws VolumeException {
        try {
            Thread.sleep(wait.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VolumeException("given up because the service stops", e);
        }
    }
}
