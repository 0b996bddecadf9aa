package io.mooring.simulation.executor;

import io.mooring.common.command.ExecutorReport.VolumeObserved;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.engine.AttachmentHere;
import io.mooring.executor.engine.PluginPort;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.CutState;
import io.mooring.executor.mount.Existence;
import io.mooring.executor.mount.Flight;
import io.mooring.executor.mount.MountForm;
import io.mooring.executor.mount.MountKind;
import io.mooring.executor.mount.Outcome;
import io.mooring.simulation.check.Invariant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An executor's calls to its machine's plugin. Each passes the two checks of what an executor may ask at all. */
final class PluginCalls implements PluginPort {
    private final ExecutorProcess.Circumstances given;
    private final Machine machine;
    private final Workers workers;

    PluginCalls(ExecutorProcess.Circumstances given, Machine machine, Workers workers) {
        this.given = given;
        this.machine = machine;
        this.workers = workers;
    }

    @Override
    public Outcome<Existence> look(DriverName driver, VolumeName volume) {
        return workers.await(answer -> machine.plugin().look(volume, answer));
    }

    @Override
    public Outcome<Acknowledged> create(DriverName driver, VolumeName volume, Map<String, String> options) {
        return workers.await(answer -> machine.plugin().create(volume, answer));
    }

    @Override
    public Outcome<Acknowledged> remove(DriverName driver, VolumeName volume) {
        return workers.await(answer -> machine.plugin().remove(volume, answer));
    }

    @Override
    public Outcome<String> mount(DriverName driver, VolumeName volume, String mountId) {
        return workers.await(answer -> {
            checkActivated(mountId);
            machine.plugin().mount(volume, mountId, answer);
        });
    }

    private void checkActivated(String mountId) {
        if (!given.activated().test(mountId, machine)) {
            given.around()
                    .findings()
                    .broken(
                            Invariant.I3,
                            mountId + " is mounted on " + machine.key() + " without an activation on record");
        }
    }

    @Override
    public Outcome<Acknowledged> unmount(DriverName driver, VolumeName volume, String mountId) {
        return workers.await(answer -> {
            machine.executors().stream()
                    .filter(executor -> executor.worksOn(mountId))
                    .findFirst()
                    .ifPresent(executor -> given.around()
                            .findings()
                            .broken(
                                    Invariant.I10,
                                    mountId + " is unmounted under the live workload of " + executor.task()));
            machine.plugin().unmount(volume, mountId, answer);
        });
    }

    @Override
    public Flight inFlight(DriverName driver, VolumeName volume) {
        return workers.await(answer -> machine.plugin().inFlight(volume, answer));
    }

    @Override
    public MountForm form(DriverName driver) {
        return new MountForm(MountKind.DEVICE, "/data");
    }

    @Override
    public Outcome<CutState> cutOff(FenceHolder order) {
        return workers.await(answer -> machine.plugin().fence(order, answer));
    }

    @Override
    public List<VolumeObserved> observe(DriverName driver, List<VolumeName> volumes) {
        return workers.await(answer -> machine.plugin().observe(volumes, answer));
    }

    @Override
    public Optional<String> overtaken(ClaimedVolume volume) {
        return workers.await(answer -> machine.plugin().overtaken(volume, answer));
    }

    @Override
    public Optional<String> unfence(VolumeName volume) {
        return workers.await(answer -> machine.plugin().unfence(volume, answer));
    }

    @Override
    public boolean handsOver(DriverName driver) {
        return machine.plugin().handsOver();
    }

    @Override
    public Outcome<Acknowledged> handOver(DriverName driver, VolumeName volume, String from, String to) {
        return workers.await(answer -> {
            checkActivated(to);
            machine.plugin().handOver(volume, from, to, answer);
        });
    }

    @Override
    public AttachmentHere here(DriverName driver, VolumeName volume) {
        return workers.await(answer -> machine.plugin().here(volume, answer));
    }
}
