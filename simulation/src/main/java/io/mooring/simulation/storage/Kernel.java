package io.mooring.simulation.storage;

import io.mooring.common.ids.ClaimId;
import io.mooring.simulation.storage.Backend.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One machine's kernel in one boot: which devices it has, where they are mounted, in which namespaces, and whose
 * processes have them open. Everything here is gone with the boot.
 */
public final class Kernel {
    private final Backend backend;
    private final String machine;
    private final String boot;
    private final Map<String, Device> devices = new TreeMap<>();

    public Kernel(Backend backend, String machine, String boot) {
        this.backend = backend;
        this.machine = machine;
        this.boot = boot;
    }

    public String machine() {
        return machine;
    }

    public String boot() {
        return boot;
    }

    /** One volume on this machine. */
    static final class Device {
        private final List<String> mountIds = new ArrayList<>();
        private final List<Namespace> namespaces = new ArrayList<>();
        private boolean mounted;

        boolean mounted() {
            return mounted;
        }

        List<String> mountIds() {
            return mountIds;
        }
    }

    /** How a mount namespace hangs together with the machine's own. */
    public enum Propagation {
        /** An unmount outside reaches it, and fails while it is in use. */
        SLAVE,
        /** It keeps its copy of the mount, whatever happens outside. */
        PRIVATE
    }

    /** A mount namespace that shows a volume, with a process in it that writes. */
    public static final class Namespace {
        private final String volume;
        private final Propagation propagation;
        private final Writer writer;

        private Namespace(String volume, Propagation propagation, Writer writer) {
            this.volume = volume;
            this.propagation = propagation;
            this.writer = writer;
        }
    }

    Optional<Device> device(String volume) {
        return Optional.ofNullable(devices.get(volume));
    }

    Device attach(String volume) {
        return devices.computeIfAbsent(volume, key -> new Device());
    }

    void mount(String volume, String mountId) {
        Device device = attach(volume);
        device.mounted = true;
        if (!device.mountIds.contains(mountId)) {
            device.mountIds.add(mountId);
        }
    }

    /** Whether an unmount would find it in use. */
    boolean busy(String volume) {
        Device device = devices.get(volume);
        return device != null
                && device.namespaces.stream().anyMatch(namespace -> namespace.propagation == Propagation.SLAVE);
    }

    /** Takes the mount out of the machine's own namespace; a private copy keeps the device. */
    void unmount(String volume) {
        Device device = devices.get(volume);
        if (device != null) {
            device.mounted = false;
            device.mountIds.clear();
            forgetIfUnused(volume, device);
        }
    }

    /** Gives a namespace the volume, and starts the process that writes. */
    public Namespace enter(String volume, Propagation propagation, ClaimId claim, String who) {
        Namespace namespace = new Namespace(volume, propagation, backend.open(volume, claim, who, machine));
        attach(volume).namespaces.add(namespace);
        return namespace;
    }

    /** The last process of the namespace is gone, and the namespace with it. */
    public void leave(Namespace namespace) {
        backend.close(namespace.writer);
        Device device = devices.get(namespace.volume);
        if (device != null) {
            device.namespaces.remove(namespace);
            forgetIfUnused(namespace.volume, device);
        }
    }

    private void forgetIfUnused(String volume, Device device) {
        if (!device.mounted && device.namespaces.isEmpty()) {
            devices.remove(volume);
        }
    }

    /** The machine goes down: no process of it writes any more. */
    public void die() {
        devices.values().forEach(device -> device.namespaces.forEach(namespace -> backend.close(namespace.writer)));
        devices.clear();
    }

    /** Whether the machine's own namespace shows the volume, mounted for this use. */
    public boolean mountedFor(String volume, String mountId) {
        Device device = devices.get(volume);
        return device != null && device.mounted && device.mountIds.contains(mountId);
    }

    /** Whether the machine's own namespace shows the volume. */
    public boolean mounted(String volume) {
        Device device = devices.get(volume);
        return device != null && device.mounted;
    }

    /** Whether some namespace besides the machine's own shows it. */
    public boolean shownElsewhere(String volume) {
        Device device = devices.get(volume);
        return device != null && !device.namespaces.isEmpty();
    }

    /** The claims under which something is mounted here, or written. */
    public Set<ClaimId> claims() {
        Set<ClaimId> claims = new TreeSet<>();
        devices.values().forEach(device -> {
            device.mountIds.forEach(id -> claims.add(Plugin.claim(id)));
            device.namespaces.forEach(namespace -> claims.add(namespace.writer.claim()));
        });
        return claims;
    }

    /** Whether a device holds it. */
    public boolean held(String volume) {
        return devices.containsKey(volume);
    }
}
