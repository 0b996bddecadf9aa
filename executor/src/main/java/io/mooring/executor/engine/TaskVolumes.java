package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.MountedVolume;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.TaskId;
import io.mooring.executor.mount.MountFacts;
import io.mooring.executor.mount.MountKind;
import io.mooring.executor.mount.VolumeState;
import io.mooring.executor.mount.VolumeState.Creation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The volumes of one task as their lanes have them: what the workload gets, and what is reported of them. */
final class TaskVolumes {
    private final Lanes lanes;
    private final TaskId task;
    private final RunWorkload order;

    TaskVolumes(Lanes lanes, TaskId task, RunWorkload order) {
        this.lanes = lanes;
        this.task = task;
        this.order = order;
    }

    /** The workload with its volumes, all of which are mounted. */
    Launch launch() {
        List<Launch.Mounted> mounted = new ArrayList<>();
        for (ClaimedVolume volume : order.volumes()) {
            VolumeState at = lanes.get(volume).state();
            mounted.add(new Launch.Mounted(
                    volume,
                    at.mount().orElseThrow(),
                    at.creation() == Creation.DONE ? Launch.Freshness.NEW : Launch.Freshness.KNOWN));
        }
        return new Launch(task, order.workload(), mounted);
    }

    /** What is mounted, for the scheduler. */
    MountReport mounts() {
        List<MountedVolume> mounted = new ArrayList<>();
        for (ClaimedVolume volume : order.volumes()) {
            VolumeState at = lanes.get(volume).state();
            MountFacts facts = at.mount().orElseThrow();
            mounted.add(new MountedVolume(
                    volume.claim(),
                    volume.fence(),
                    facts.kind() == MountKind.DEVICE && facts.source().startsWith("/dev/")
                            ? Optional.of(facts.source())
                            : Optional.empty(),
                    facts.path(),
                    Optional.of(facts.fsType()),
                    at.creation() == Creation.DONE));
        }
        return new MountReport(mounted);
    }

    /** Its own record is there, and that of what it inherited, if anything of that is left. */
    boolean settled(ClaimedVolume volume) {
        return lanes.get(volume).record().isPresent()
                && volume.takesOver()
                        .flatMap(lanes::find)
                        .map(left -> left.record().isPresent())
                        .orElse(true);
    }

    /** What became of each claim. */
    List<ReleasedVolume> records() {
        return order.volumes().stream().map(this::record).toList();
    }

    private ReleasedVolume record(ClaimedVolume volume) {
        ReleasedVolume own = lanes.get(volume).record().orElseThrow();
        Optional<ReleasedVolume> inherited =
                volume.takesOver().flatMap(lanes::find).flatMap(Lane::record).filter(left -> !left.complete());
        return inherited
                .map(left -> new ReleasedVolume(
                        own.claim(),
                        own.fence(),
                        false,
                        own.workloadGone(),
                        false,
                        false,
                        false,
                        false,
                        Optional.of("what its last task left mounted is not released: "
                                + left.remark().orElse("it is not known why"))))
                .orElse(own);
    }
}
