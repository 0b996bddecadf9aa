package io.mooring.scheduler.zookeeper;

import io.mooring.common.command.ClaimOrder;
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
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.CutOff;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Backoff;
import io.mooring.scheduler.definition.Constraint;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.Definition.FetchUri;
import io.mooring.scheduler.definition.Definition.PortRequest;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.task.ForeignTask;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records with every field filled in, so that a field that gets lost on its way is seen. */
final class Records {
    static final Instant AT = Instant.parse("2026-03-04T05:06:07.008009Z");
    static final MachineKey MACHINE = new MachineKey("machine-1");

    private Records() {}

    static Volume volume(String name, long fence) {
        return new Volume(
                new VolumeName(name),
                new DriverName("loop"),
                fence == 0 ? VolumeState.AVAILABLE : VolumeState.IN_USE,
                true,
                AccessMode.SINGLE_WRITER,
                TakeoverPolicy.MANUAL,
                ReclaimPolicy.DELETE,
                CreatePolicy.NEVER,
                Map.of("size", "5", "newfstype", "xfs"),
                fence,
                true,
                Optional.of("xfs"),
                Optional.of(MACHINE),
                Optional.of("it \"creaks\" \u00fc"),
                AT);
    }

    static Claim claim(String volume, String id, long fence) {
        return new Claim(
                new ClaimId(id),
                new VolumeName(volume),
                MountMode.READ_WRITE,
                fence,
                false,
                3,
                Optional.of(new AppId("/shop/orders")),
                new TaskId("task-" + id),
                new AgentId("agent-1"),
                MACHINE,
                Optional.of(new BootId("boot-1")),
                Optional.of(new ClaimId("before")),
                ClaimState.SUSPECT,
                AT,
                Optional.of(ClaimState.MOUNTED),
                true,
                Optional.of("op-1"),
                List.of(new Evidence(Evidence.Code.E2, AT, "backend", "not attached")),
                Optional.of("unreachable"),
                Optional.of(new FrameworkId("framework-9")));
    }

    static Task task(String id, List<ClaimId> claims) {
        return new Task(
                new TaskId(id),
                TaskKind.RUN,
                Optional.of(new AppId("/shop/orders")),
                Optional.of(AT),
                1,
                Optional.of(new VolumeName("orders-db")),
                new AgentId("agent-1"),
                MACHINE,
                "agent-1.example",
                List.of(31000),
                claims,
                2,
                TaskState.RUNNING,
                Task.Goal.STOP,
                AT,
                Optional.of(AT.plusSeconds(1)));
    }

    static ForeignTask foreign(String id) {
        VolumeRequest request = new VolumeRequest(
                new DriverName("loop"),
                new VolumeName("orders-db"),
                Map.of("size", "5"),
                Optional.of("/data"),
                MountMode.READ_WRITE,
                AccessMode.SINGLE_WRITER,
                CreatePolicy.NEVER);
        return new ForeignTask(
                new ClaimOrder(
                        new ClaimId(id),
                        new FrameworkId("framework-9"),
                        new TaskId("task-" + id),
                        Optional.of(new AgentId("agent-1")),
                        MACHINE,
                        new BootId("boot-1"),
                        ClaimOrder.Contact.MACHINE,
                        List.of(request),
                        Map.of(new VolumeName("orders-db"), 4L),
                        2),
                Optional.of(AT));
    }

    static CutOff cutOff(Claim claim) {
        return CutOff.of("op-1", claim, new DriverName("loop"), AT);
    }

    static Hold brake() {
        return new Hold(Hold.Kind.BRAKE, true, AT, "ada", "half of the rack is dark");
    }

    static Machine machine() {
        return new Machine(
                MACHINE,
                List.of(new AgentId("agent-1")),
                Optional.of(new BootId("boot-1")),
                Optional.of(8),
                Optional.of("two boots"),
                List.of(new VolumeName("orders-db")));
    }

    static App app(String id, String source) {
        VolumeRequest request = new VolumeRequest(
                new DriverName("loop"),
                new VolumeName("orders-db"),
                Map.of("size", "5"),
                Optional.of("/data"),
                MountMode.READ_WRITE,
                AccessMode.SINGLE_WRITER,
                CreatePolicy.NEVER);
        Definition definition = new Definition(
                Optional.empty(),
                List.of("run", "it"),
                Optional.of("nobody"),
                new Resources(0.5, 64, 10),
                List.of(new PortRequest(80, Optional.of("http"))),
                Map.of("A", "b"),
                Map.of("l", "v"),
                List.of(new Constraint("rack", Constraint.Operator.MAX_PER, Optional.of("2"))),
                List.of("prod"),
                List.of(new VolumeSpec(request, TakeoverPolicy.FENCE, ReclaimPolicy.DELETE)),
                List.of(new FetchUri("http://x/y.tgz", true, false, true, Optional.of("z/y.tgz"))),
                new Backoff(Duration.ofMillis(1500), 1.15, Duration.ofMinutes(5)),
                Duration.ofSeconds(3));
        return new App(
                new AppId(id),
                AT,
                AT,
                AT,
                App.Goal.RUN,
                1,
                definition,
                source,
                Optional.of(new App.Deployment(
                        "deployment-1",
                        AT,
                        App.Deployment.Action.CREATE,
                        1,
                        App.Deployment.Progress.UNDER_WAY,
                        Optional.empty())),
                List.of());
    }

    /** T1 for one volume on a machine that was never seen: everything in the order in which it is decided. */
    static List<StoreRecord> grant(String volume, String claim, long fence) {
        Claim granted = claim(volume, claim, fence);
        return List.of(
                new StoreRecord.PutMachine(machine()),
                new StoreRecord.PutVolume(volume(volume, fence)),
                new StoreRecord.GrantClaim(granted),
                new StoreRecord.PutTask(task(granted.task().value(), List.of(granted.id()))));
    }

    static StoreRecord release(Claim claim) {
        Evidence evidence = new Evidence(Evidence.Code.E1, AT, "executor", "let go");
        return new StoreRecord.ReleaseClaim(new ReleasedClaim(claim.with(evidence), evidence, AT));
    }
}
