package io.mooring.executor.mounttable;

import io.mooring.common.volume.RootAccess;
import io.mooring.executor.engine.MountPort;
import io.mooring.executor.mount.MountCheck;
import io.mooring.executor.mount.MountFacts;
import io.mooring.executor.mount.MountForm;
import io.mooring.executor.mount.MountKind;
import io.mooring.executor.mount.ReleaseFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What the kernel says of one volume: is it really mounted where the plugin says, and is really nothing left of it. */
public final class MountInspection implements MountPort {
    private final Kernel kernel;

    public MountInspection(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Whether a path that a plugin answered may be given to a workload.
     *
     * @param form by which a directory volume's root is found; that of a file system is where it is mounted
     * @param volume the volume's name, for what is said of it
     */
    @Override
    public MountCheck check(String answered, MountForm form, String volume) {
        if (!answered.startsWith("/")) {
            return new MountCheck.Unfit(
                    "the plugin answered '" + answered + "' for volume '" + volume + "', which is no absolute path");
        }
        Path path = Path.of(answered).normalize();
        if (!Files.isDirectory(path)) {
            return new MountCheck.Unfit("the plugin says that volume '" + volume + "' is mounted at " + path
                    + ", but there is no such directory here; plugin and executor have to see the same mounts");
        }
        try {
            Path real = path.toRealPath();
            MountInfo mounts = kernel.ownMounts();
            Optional<MountEntry> on = mounts.containing(real);
            if (on.isEmpty()) {
                return new MountCheck.Unfit("no mount is seen at " + real);
            }
            return form.kind() == MountKind.DIRECTORY
                    ? directory(real, on.get(), form.rootPath())
                    : device(real, on.get(), mounts, volume);
        } catch (IOException e) {
            return new MountCheck.Unfit("the mount at " + path + " cannot be checked: " + e.getMessage());
        }
    }

    @Override
    public Optional<String> give(MountFacts facts, RootAccess access) {
        try {
            // What the plugin gives to workloads may lie below the root of the file system.
            for (Path each : Set.of(Path.of(facts.root()), Path.of(facts.path()))) {
                set(each, "unix:uid", access.uid());
                set(each, "unix:gid", access.gid());
                set(each, "unix:mode", access.mode());
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("the volume's root " + facts.path() + " cannot be given to uid "
                    + access.uid().map(String::valueOf).orElse("(as it is)") + ": " + e.getMessage());
        }
    }

    private static void set(Path directory, String attribute, Optional<Integer> value) throws IOException {
        if (value.isPresent()) {
            Files.setAttribute(directory, attribute, value.get(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    private MountCheck device(Path path, MountEntry on, MountInfo mounts, String volume) {
        Optional<MountEntry> host = mounts.containing(Path.of("/"));
        boolean hostFileSystem = on.point().equals("/")
                || (host.isPresent() && host.get().device().equals(on.device()));
        if (hostFileSystem) {
            return new MountCheck.Unfit("the plugin says that volume '" + volume + "' is mounted at " + path
                    + ", but that is the agent's own file system here; plugin and executor have to see the same mounts"
                    + " (the executor must not run under the isolator filesystem/linux)");
        }
        if (on.sharedGroup().isEmpty()) {
            return new MountCheck.Unfit("volume '" + volume + "' is mounted at " + on.point()
                    + " with private propagation, so it could not be unmounted while other tasks run;"
                    + " the plugin's mount directory has to be a shared mount (mount --make-shared)");
        }
        return new MountCheck.Fit(new MountFacts(
                path.toString(),
                on.point(),
                MountKind.DEVICE,
                on.device(),
                on.source(),
                on.fsType(),
                on.root(),
                kernel.backingFile(on.device())));
    }

    private static MountCheck directory(Path path, MountEntry on, String rootPath) {
        Path below = Path.of("/").relativize(Path.of("/" + rootPath).normalize());
        boolean hasRootPath = !below.toString().isEmpty() && path.endsWith(below);
        Path root = hasRootPath
                ? path.getRoot().resolve(path.subpath(0, path.getNameCount() - below.getNameCount()))
                : path;
        String onMount = Path.of(on.point()).relativize(root).toString();
        String fsRoot = Path.of(on.root()).resolve(onMount).toString();
        return new MountCheck.Fit(new MountFacts(
                path.toString(),
                root.toString(),
                MountKind.DIRECTORY,
                on.device(),
                on.source(),
                on.fsType(),
                fsRoot,
                Optional.empty()));
    }

    /** What is left of a volume that was mounted like this. */
    @Override
    public ReleaseFacts left(MountFacts facts) {
        try {
            return facts.kind() == MountKind.DIRECTORY ? leftOfDirectory(facts) : leftOfDevice(facts);
        } catch (IOException e) {
            return new ReleaseFacts(false, false, false, "the kernel's tables cannot be read: " + e.getMessage());
        }
    }

    /** Facts of a block device that a plugin names, for a volume whose journal entry has none. */
    @Override
    public Optional<MountFacts> ofDevice(String device) {
        try {
            Path node = Path.of(device).toRealPath();
            String number = kernel.deviceNumber(node.getFileName().toString()).orElse("");
            if (number.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new MountFacts(
                    "", "", MountKind.DEVICE, number, node.toString(), "", "/", kernel.backingFile(number)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Who has a copy of the mount that would stay if it were unmounted. Namespaces that follow the machine's own are none:
     * every workload's does, and an unmount reaches them.
     */
    @Override
    public Optional<String> strangers(MountFacts facts) {
        Predicate<MountEntry> copies = facts.kind() == MountKind.DIRECTORY
                ? bindOf(facts)
                : entry -> entry.device().equals(facts.device())
                        && entry.source().equals(facts.source())
                        && entry.unconnected();
        try {
            return kernel.processesSeeing(copies).stream()
                    .findFirst()
                    .map(pid -> "process " + pid + " has a copy of the mount in a namespace of its own");
        } catch (IOException e) {
            return Optional.of("the kernel's tables cannot be read: " + e.getMessage());
        }
    }

    private ReleaseFacts leftOfDevice(MountFacts facts) throws IOException {
        if (facts.backingFile().isPresent()) {
            String file = facts.backingFile().get();
            List<String> holders = kernel.loopDevicesOf(file);
            if (holders.isEmpty()) {
                // Its number may belong to another volume by now; a loop device that is mounted anywhere stays.
                return new ReleaseFacts(true, true, true, "");
            }
            return mounted(facts, holders.get(0) + " still holds " + file);
        }
        List<String> stacked = kernel.stackedOn(facts.device());
        return mounted(facts, stacked.isEmpty() ? "" : "device " + facts.source() + " is in use by " + stacked);
    }

    private ReleaseFacts mounted(MountFacts facts, String holder) throws IOException {
        Predicate<MountEntry> wanted =
                entry -> entry.device().equals(facts.device()) && entry.source().equals(facts.source());
        boolean here = kernel.ownMounts().entries().stream().anyMatch(wanted);
        List<Long> elsewhere = kernel.processesSeeing(wanted);
        return facts(here, elsewhere, holder);
    }

    private ReleaseFacts leftOfDirectory(MountFacts facts) throws IOException {
        Predicate<MountEntry> wanted = bindOf(facts);
        boolean here = kernel.ownMounts().entries().stream().anyMatch(wanted);
        return facts(here, kernel.processesSeeing(wanted), "");
    }

    /** Only a bind of this very directory is the volume: the file system itself is mounted for everyone. */
    private static Predicate<MountEntry> bindOf(MountFacts facts) {
        Path fsRoot = Path.of(facts.fsRoot());
        return entry -> entry.device().equals(facts.device())
                && !entry.root().equals("/")
                && Path.of(entry.root()).startsWith(fsRoot);
    }

    private static ReleaseFacts facts(boolean here, List<Long> elsewhere, String holder) {
        String seen = elsewhere.isEmpty() ? "" : "still mounted in the namespace of process " + elsewhere.get(0);
        String remark = seen.isEmpty() || holder.isEmpty() ? seen + holder : seen + "; " + holder;
        return new ReleaseFacts(!here, elsewhere.isEmpty() && !here, holder.isEmpty() && !here, remark);
    }
}
