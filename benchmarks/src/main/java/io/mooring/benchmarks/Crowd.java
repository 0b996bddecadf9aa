package io.mooring.benchmarks;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Backoff;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster full of running tasks, each with a volume and its claim, and one app that waits for its volume. */
final class Crowd {
    private static final int ON_A_MACHINE = 100;
    private static final AppId CROWD = new AppId("/crowd");
    private static final DriverName DRIVER = new DriverName("loop");

    private final Instant at = Instant.parse("2026-01-01T00:00:00Z");

    /** What is there besides the tasks. */
    List<StoreRecord> surroundings(int tasks) {
        VolumeSpec wanted = volume("waiting-db");
        List<StoreRecord> records = new ArrayList<>();
        records.add(new StoreRecord.PutFramework(new FrameworkId("framework-1")));
        records.add(new StoreRecord.PutApp(app(CROWD, tasks, List.of())));
        records.add(new StoreRecord.PutApp(app(new AppId("/waiting"), 1, List.of(wanted))));
        records.add(new StoreRecord.PutVolume(
                Volume.declared(wanted, VolumeState.AVAILABLE, 0, at).seen(Optional.of("ext4"), Optional.empty())));
        return records;
    }

    /** One running task with everything that belongs to it. */
    List<StoreRecord> task(int number) {
        String name = "crowd-" + number;
        MachineKey machine = new MachineKey("machine-" + number / ON_A_MACHINE);
        AgentId agent = new AgentId("agent-" + number / ON_A_MACHINE);
        VolumeSpec volume = volume(name);
        Claim claim = Claim.reserved(
                new ClaimId("0f8fad5b-d9cb-469f-a165-" + String.format("%012x", number)),
                volume.request().name(),
                MountMode.READ_WRITE,
                1,
                false,
                1,
                Optional.of(CROWD),
                new TaskId(name + ".1.0f8fad5b"),
                agent,
                machine,
                Optional.empty(),
                at);
        List<StoreRecord> records = new ArrayList<>();
        if (number % ON_A_MACHINE == 0) {
            records.add(new StoreRecord.PutMachine(
                    Machine.seen(machine, List.of(agent), Optional.of(new BootId("boot-1")), Optional.of(128))));
        }
        records.add(new StoreRecord.PutVolume(
                Volume.declared(volume, VolumeState.IN_USE, 1, at).seen(Optional.of("ext4"), Optional.empty())));
        records.add(new StoreRecord.GrantClaim(claim));
        records.add(new StoreRecord.PutTask(running(CROWD, number, claim, at)));
        return records;
    }

    /** The task that has the claim, and runs. */
    static Task running(AppId app, int instance, Claim claim, Instant at) {
        return new Task(
                claim.task(),
                TaskKind.RUN,
                Optional.of(app),
                Optional.of(at),
                instance,
                Optional.empty(),
                claim.agent(),
                claim.machine(),
                claim.agent() + ".example",
                List.of(31000),
                List.of(claim.id()),
                1,
                TaskState.RUNNING,
                Task.Goal.RUN,
                at,
                Optional.of(at));
    }

    private static VolumeSpec volume(String name) {
        VolumeRequest request = new VolumeRequest(
                DRIVER,
                new VolumeName(name),
                Map.of("size", "5"),
                Optional.of("/data"),
                MountMode.READ_WRITE,
                AccessMode.SINGLE_WRITER,
                CreatePolicy.IF_MISSING);
        return new VolumeSpec(request, TakeoverPolicy.EVIDENCE, ReclaimPolicy.RETAIN);
    }

    private App app(AppId id, int instances, List<VolumeSpec> volumes) {
        Definition definition = new Definition(
                Optional.of("run"),
                List.of(),
                Optional.empty(),
                new Resources(0.1, 32, 0),
                List.of(),
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                volumes,
                List.of(),
                new Backoff(Duration.ofSeconds(1), 1.15, Duration.ofMinutes(5)),
                Duration.ofSeconds(3));
        return new App(
                id,
                at,
                at,
                at,
                App.Goal.RUN,
                instances,
                definition,
                "{\"id\":\"" + id + "\"}",
                Optional.empty(),
                List.of());
    }
}
