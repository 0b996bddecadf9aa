package io.mooring.simulation.executor;

import io.mooring.common.volume.RootAccess;
import io.mooring.executor.engine.MountPort;
import io.mooring.executor.mount.MountCheck;
import io.mooring.executor.mount.MountFacts;
import io.mooring.executor.mount.MountForm;
import io.mooring.executor.mount.MountKind;
import io.mooring.executor.mount.ReleaseFacts;
import io.mooring.simulation.executor.ExecutorProcess.Trust;
import java.util.Optional;

/** The kernel's tables as an executor reads them. */
final class KernelView implements MountPort {
    private static final String ROOT = "/volumes/";

    private final Machine machine;
    private final Trust trust;

    KernelView(Machine machine, Trust trust) {
        this.machine = machine;
        this.trust = trust;
    }

    @Override
    public MountCheck check(String path, MountForm form, String volume) {
        String key = path.substring(ROOT.length(), path.lastIndexOf('/'));
        return machine.kernel().mounted(key)
                ? new MountCheck.Fit(facts(key))
                : new MountCheck.Unfit("nothing is mounted at " + path);
    }

    @Override
    public ReleaseFacts left(MountFacts facts) {
        String key = facts.root().substring(ROOT.length());
        if (trust == Trust.THE_PLUGIN) {
            return new ReleaseFacts(true, true, true, "");
        }
        boolean unmounted = !machine.kernel().mounted(key);
        boolean closed = unmounted && !machine.kernel().shownElsewhere(key);
        boolean detached = !machine.kernel().held(key);
        String remark = unmounted && closed && detached
                ? ""
                : "volume " + key + " is " + (unmounted ? "shown in another namespace" : "still mounted");
        return new ReleaseFacts(unmounted, closed, detached, remark);
    }

    @Override
    public Optional<String> strangers(MountFacts facts) {
        String key = facts.root().substring(ROOT.length());
        return trust == Trust.THE_KERNEL && machine.kernel().shownElsewhere(key)
                ? Optional.of("somebody has a copy of the mount of volume " + key)
                : Optional.empty();
    }

    /** Whose a directory is says nothing of who writes. */
    @Override
    public Optional<String> give(MountFacts facts, RootAccess access) {
        return Optional.empty();
    }

    @Override
    public Optional<MountFacts> ofDevice(String device) {
        String key = device.substring("/dev/".length());
        return machine.kernel().held(key) ? Optional.of(facts(key)) : Optional.empty();
    }

    private static MountFacts facts(String key) {
        return new MountFacts(
                ROOT + key + "/data",
                ROOT + key,
                MountKind.DEVICE,
                "7:1",
                "/dev/" + key,
                "ext4",
                "/",
                Optional.empty());
    }
}
