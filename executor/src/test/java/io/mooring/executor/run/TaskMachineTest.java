package io.mooring.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.executor.run.TaskEffect.MountVolume;
import io.mooring.executor.run.TaskEffect.ReleaseVolume;
import io.mooring.executor.run.TaskEffect.SendTerminal;
import io.mooring.executor.run.TaskEffect.StartWorkload;
import io.mooring.executor.run.TaskEffect.Terminate;
import io.mooring.executor.run.TaskEvent.StopWanted;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaskMachineTest {
    /** Every phase against every event, with one volume: the phase after it, "." for one that changes nothing. */
    private static final String TABLE = """
                      LAUNCHED FIT  UNFIT     JOURNALED GRANTED  DENIED    SILENCE   VOLUME_READY VOLUME_FAILED VOLUME_RELEASED STARTED NOT_STARTED ENDED     STOP_WANTED GRACE_OVER ACKNOWLEDGED
            IDLE      CHECKING .    .         .         .        .         .         .            .             .               .       .           .         OVER        .          .
            CHECKING  .        =    RELEASING WAITING   .        .         .         .            .             .               .       .           .         =           .          .
            WAITING   .        .    .         .         MOUNTING RELEASING RELEASING .            .             .               .       .           .         RELEASING   .          .
            MOUNTING  .        .    .         .         .        .         .         STARTING     RELEASING     .               .       .           .         =           .          .
            STARTING  .        .    .         .         .        .         .         .            .             .               RUNNING RELEASING   .         =           .          .
            RUNNING   .        .    .         .         .        .         .         .            .             .               .       .           RELEASING STOPPING    .          .
            STOPPING  .        .    .         .         .        .         .         .            .             .               .       .           RELEASING =           ENFORCING  .
            ENFORCING .        .    .         .         .        .         .         .            .             .               .       .           RELEASING .           .          .
            RELEASING .        .    .         .         .        .         .         .            .             ENDING          .       .           .         .           .          .
            ENDING    .        .    .         .         .        .         .         .            .             .               .       .           .         .           .          OVER
            OVER      .        .    .         .         .        .         .         .            .             .               .       .           .         .           .          .
            """;

    private final TaskMachine machine = new TaskMachine();

    @Test
    void answersEveryEventInEveryPhase() {
        Map<TaskEvent.Kind, TaskEvent> events = events();
        List<String> lines = TABLE.lines().toList();
        String[] kinds = lines.get(0).strip().split(" +");
        assertThat(kinds).hasSize(TaskEvent.Kind.values().length);
        assertThat(lines).hasSize(TaskPhase.values().length + 1);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(" +");
            TaskState state = state(TaskPhase.valueOf(cells[0]), 1);
            for (int i = 0; i < kinds.length; i++) {
                TaskTransition transition = machine.next(state, events.get(TaskEvent.Kind.valueOf(kinds[i])));
                String at = cells[0] + " on " + kinds[i];
                switch (cells[i + 1]) {
                    case "." -> {
                        assertThat(transition.state()).as(at).isEqualTo(state);
                        assertThat(transition.effects()).as(at).isEmpty();
                    }
                    case "=" -> {
                        assertThat(transition.state().phase()).as(at).isEqualTo(state.phase());
                        assertThat(transition.effects()).as(at).isNotEmpty();
                    }
                    default -> assertThat(transition.state().phase()).as(at).isEqualTo(TaskPhase.valueOf(cells[i + 1]));
                }
            }
        }
    }

    @Test
    void hasAPermittedEventForEachKind() {
        assertThat(TaskEvent.class.getPermittedSubclasses()).hasSameSizeAs(TaskEvent.Kind.values());
    }

    @Test
    void startsATaskWithoutVolumesAtOnce() {
        TaskTransition fit = machine.next(state(TaskPhase.CHECKING, 0), new TaskEvent.Fit());
        assertThat(fit.effects()).containsExactly(new TaskEffect.SendStarting(), new StartWorkload());
    }

    @Test
    void mountsVolumesInOrderAndReleasesThemInReverse() {
        TaskTransition granted = machine.next(state(TaskPhase.WAITING, 2), new TaskEvent.Granted());
        assertThat(granted.effects()).containsExactly(new TaskEffect.JournalGo(), new MountVolume(0));
        TaskTransition first = machine.next(granted.state(), new TaskEvent.VolumeReady(0));
        assertThat(first.effects()).containsExactly(new MountVolume(1));
        TaskTransition second = machine.next(first.state(), new TaskEvent.VolumeReady(1));
        assertThat(second.effects()).containsExactly(new StartWorkload());
        TaskState running =
                machine.next(second.state(), new TaskEvent.Started()).state();
        TaskTransition ended = machine.next(running, new TaskEvent.Ended(new Exit.Status(0)));
        assertThat(ended.effects()).containsExactly(new ReleaseVolume(1));
        TaskTransition one = machine.next(ended.state(), new TaskEvent.VolumeReleased(1));
        assertThat(one.effects()).containsExactly(new ReleaseVolume(0));
        TaskTransition none = machine.next(one.state(), new TaskEvent.VolumeReleased(0));
        assertThat(none.effects())
                .containsExactly(
                        new SendTerminal(new TaskEnd(TaskEnd.Outcome.FINISHED, "the workload exited with status 0")));
    }

    @Test
    void saysHowTheWorkloadEnded() {
        assertThat(end(new Exit.Status(3))).isEqualTo("FAILED the workload exited with status 3");
        assertThat(end(new Exit.Signal(11))).isEqualTo("FAILED the workload ended by signal 11");
        assertThat(end(new Exit.Status(0))).isEqualTo("FINISHED the workload exited with status 0");
    }

    @Test
    void undoesAMountThatIsReadyAfterTheKill() {
        TaskState mounting = state(TaskPhase.MOUNTING, 1);
        TaskState killed = machine.next(mounting, new StopWanted("killed", Grace.OF_THE_TASK))
                .state();
        TaskTransition ready = machine.next(killed, new TaskEvent.VolumeReady(0));
        assertThat(ready.effects()).containsExactly(new ReleaseVolume(0));
        assertThat(ready.state().end().orElseThrow().outcome()).isEqualTo(TaskEnd.Outcome.KILLED);
    }

    @Test
    void stopsAWorkloadThatStartsAfterTheKill() {
        TaskState killed = machine.next(state(TaskPhase.STARTING, 0), new StopWanted("killed", Grace.OF_THE_TASK))
                .state();
        TaskTransition started = machine.next(killed, new TaskEvent.Started());
        assertThat(started.state().phase()).isEqualTo(TaskPhase.STOPPING);
        assertThat(started.effects()).last().isEqualTo(new Terminate(Duration.ofSeconds(3)));
    }

    @Test
    void takesTheGraceOfTheKillBeforeThatOfTheTask() {
        TaskTransition own = machine.next(state(TaskPhase.RUNNING, 0), new StopWanted("k", Grace.OF_THE_TASK));
        assertThat(own.effects()).contains(new Terminate(Duration.ofSeconds(3)));
        TaskTransition given = machine.next(own.state(), new StopWanted("k", Grace.of(Duration.ofSeconds(1))));
        assertThat(given.effects()).containsExactly(new TaskEffect.ShortenGrace(Duration.ofSeconds(1)));
    }

    @Test
    void saysOnceThatItIsKilledAndAgainIfItIsForAnotherReason() {
        TaskState stopping = machine.next(
                        state(TaskPhase.RUNNING, 0), new StopWanted("killed", Grace.of(Duration.ofMinutes(1))))
                .state();
        assertThat(machine.next(stopping, new StopWanted("killed", Grace.OF_THE_TASK))
                        .effects())
                .containsExactly(new TaskEffect.ShortenGrace(Duration.ofSeconds(3)));
        assertThat(machine.next(stopping, StopWanted.overtaken("fence 7")).effects())
                .containsExactly(
                        new TaskEffect.SendKilling("overtaken: fence 7"), new TaskEffect.ShortenGrace(Duration.ZERO));
    }

    @Test
    void ignoresAnswersOfAVolumeThatItIsNotAt() {
        TaskState mounting = state(TaskPhase.MOUNTING, 2);
        assertThat(machine.next(mounting, new TaskEvent.VolumeReady(1)).effects())
                .isEmpty();
        assertThat(machine.next(mounting, new TaskEvent.VolumeFailed(1, "x")).effects())
                .isEmpty();
    }

    private String end(Exit exit) {
        TaskTransition ended = machine.next(state(TaskPhase.RUNNING, 0), new TaskEvent.Ended(exit));
        TaskEnd end = ((SendTerminal) ended.effects().get(0)).end();
        return end.outcome() + " " + end.message();
    }

    private static TaskState state(TaskPhase phase, int volumes) {
        boolean stopped = phase == TaskPhase.STOPPING || phase == TaskPhase.ENFORCING;
        boolean ending = phase == TaskPhase.RELEASING || phase == TaskPhase.ENDING || phase == TaskPhase.OVER;
        return new TaskState(
                phase,
                volumes,
                0,
                Duration.ofSeconds(3),
                stopped ? Optional.of(new StopWanted("killed", Grace.OF_THE_TASK)) : Optional.empty(),
                ending ? Optional.of(TaskEnd.failed("x")) : Optional.empty());
    }

    private static Map<TaskEvent.Kind, TaskEvent> events() {
        Map<TaskEvent.Kind, TaskEvent> events = new EnumMap<>(TaskEvent.Kind.class);
        for (TaskEvent event : List.of(
                new TaskEvent.Launched(1, Duration.ofSeconds(3)),
                new TaskEvent.Fit(),
                new TaskEvent.Unfit("x"),
                new TaskEvent.Journaled(),
                new TaskEvent.Granted(),
                new TaskEvent.Denied("x"),
                new TaskEvent.Silence(Duration.ofMinutes(2)),
                new TaskEvent.VolumeReady(0),
                new TaskEvent.VolumeFailed(0, "x"),
                new TaskEvent.VolumeReleased(0),
                new TaskEvent.Started(),
                new TaskEvent.NotStarted("x"),
                new TaskEvent.Ended(new Exit.Status(0)),
                new StopWanted("killed", Grace.OF_THE_TASK),
                new TaskEvent.GraceOver(),
                new TaskEvent.Acknowledged())) {
            events.put(event.kind(), event);
        }
        return events;
    }
}
