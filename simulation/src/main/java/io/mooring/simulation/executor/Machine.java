package io.mooring.simulation.executor;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.simulation.storage.Backend;
import io.mooring.simulation.storage.Kernel;
import io.mooring.simulation.storage.Plugin;
import java.util.ArrayList;
import java.util.List;

/** A machine: what outlives its processes, and what outlives its boots. */
public final class Machine {
    private final MachineKey key;
    private final int slots;
    private final Backend backend;
    private final Plugin plugin;
    private final Disk disk;
    private final List<ExecutorProcess> executors = new ArrayList<>();
    private Kernel kernel;
    private int boots;

    public Machine(MachineKey key, int slots, Backend backend, Plugin plugin, Disk disk) {
        this.key = key;
        this.slots = slots;
        this.backend = backend;
        this.plugin = plugin;
        this.disk = disk;
        powerOn();
    }

    private void powerOn() {
        boots++;
        kernel = new Kernel(backend, key.value(), boot().value());
        plugin.boot(kernel);
    }

    /** Everything that ran or was mounted is gone; the disk is not. */
    public void reboot() {
        List.copyOf(executors).forEach(ExecutorProcess::diesWithTheMachine);
        executors.clear();
        kernel.die();
        powerOn();
    }

    public MachineKey key() {
        return key;
    }

    public BootId boot() {
        return new BootId(key + "-boot-" + boots);
    }

    public int slots() {
        return slots;
    }

    public Kernel kernel() {
        return kernel;
    }

    public Plugin plugin() {
        return plugin;
    }

    Disk disk() {
        return disk;
    }

    /** The processes that run on it now. */
    public List<ExecutorProcess> executors() {
        return executors;
    }
}
