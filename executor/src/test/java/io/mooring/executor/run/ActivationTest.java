package io.mooring.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.SchedulerMessage.Deny;
import io.mooring.common.command.SchedulerMessage.Go;
import io.mooring.common.command.SchedulerMessage.Grant;
import io.mooring.common.command.SchedulerMessage.HandOver;
import io.mooring.common.command.SchedulerMessage.Superseded;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.command.TaskOrder.Workload;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ActivationTest {
    private static final TaskId TASK = new TaskId("task-1");
    private static final ClaimId CLAIM = new ClaimId("claim-1");
    private static final VolumeName VOLUME = new VolumeName("data");
    private static final Go GO = new Go(TASK, 7, List.of(new Grant(CLAIM, 4)));

    private final Activation activation = new Activation(TASK, order());

    @Test
    void goesOnlyWithExactlyItsClaims() {
        assertThat(activation.read(GO, 0)).contains(new TaskEvent.Granted());
        assertThat(activation.read(new Go(TASK, 7, List.of()), 0)).isEmpty();
        assertThat(activation.read(new Go(TASK, 7, List.of(new Grant(CLAIM, 3))), 0))
                .isEmpty();
        assertThat(activation.read(new Go(new TaskId("task-2"), 7, GO.grants()), 0))
                .isEmpty();
    }

    @Test
    void ignoresALeaderThatThisMachineKnowsToBeDeposed() {
        for (SchedulerMessage message :
                List.of(GO, new Deny(TASK, 7, "no"), new Superseded(TASK, 7, VOLUME, 5), new HandOver(TASK, 7))) {
            assertThat(activation.read(message, 8)).isEmpty();
            assertThat(activation.wantsHandOver(message, 8)).isFalse();
        }
        assertThat(activation.read(new Go(TASK, 6, GO.grants()), 0)).isEmpty();
        assertThat(activation.read(GO, 7)).isPresent();
    }

    @Test
    void isOvertakenByAHigherFenceOfOneOfItsVolumesOnly() {
        assertThat(activation.read(new Superseded(TASK, 8, VOLUME, 5), 7))
                .get()
                .isInstanceOfSatisfying(TaskEvent.StopWanted.class, stop -> {
                    assertThat(stop.grace().orElse(Duration.ofDays(1))).isZero();
                    assertThat(stop.why()).contains("'data'", "fence 5");
                });
        assertThat(activation.read(new Superseded(TASK, 8, VOLUME, 4), 7)).isEmpty();
        assertThat(activation.read(new Superseded(TASK, 8, new VolumeName("other"), 5), 7))
                .isEmpty();
    }

    @Test
    void knowsTheWordOfASuccessor() {
        assertThat(activation.wantsHandOver(new HandOver(TASK, 7), 7)).isTrue();
        assertThat(activation.wantsHandOver(new HandOver(new TaskId("task-2"), 7), 7))
                .isFalse();
        assertThat(activation.wantsHandOver(GO, 7)).isFalse();
    }

    private static RunWorkload order() {
        VolumeRequest request = new VolumeRequest(
                new DriverName("loop"),
                VOLUME,
                Map.of(),
                Optional.empty(),
                MountMode.READ_WRITE,
                AccessMode.SINGLE_WRITER,
                CreatePolicy.IF_MISSING);
        Workload workload = new Workload(
                Optional.of("true"), List.of(), Optional.empty(), Map.of(), "/v/{name}", Duration.ofSeconds(1));
        return new RunWorkload(7, workload, List.of(new ClaimedVolume(CLAIM, 4, request)));
    }
}
