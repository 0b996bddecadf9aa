package io.mooring.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.health.HealthJudge.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.Test;

class CommandTaskTest {
    private static final TaskID ID = TaskID.newBuilder().setValue("t").build();
    private static final int SIGNALLED = 128;

    private final Scene scene = new Scene();
    private final CommandTask task = new CommandTask(
            scene, new StatusForm(ExecutorID.newBuilder().setValue("t").build()));

    private static TaskInfo.Builder info() {
        return TaskInfo.newBuilder()
                .setName("t")
                .setTaskId(ID)
                .setAgentId(AgentID.newBuilder().setValue("S0"));
    }

    private static Optional<KillPolicy> grace(long seconds) {
        return Optional.of(KillPolicy.newBuilder()
                .setGracePeriod(DurationInfo.newBuilder()
                        .setNanoseconds(Duration.ofSeconds(seconds).toNanos()))
                .build());
    }

    @Test
    void tellsOfItsWholeLife() {
        task.launch(info().build());
        scene.ended.accept(0);

        assertThat(scene.states())
                .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
        assertThat(scene.last().getMessage()).isEqualTo("Command exited with status 0");
    }

    @Test
    void failsWithTheStatusOrTheSignalThatEndedTheCommand() {
        task.launch(info().build());
        scene.ended.accept(SIGNALLED + 9);

        assertThat(scene.last().getState()).isEqualTo(TaskState.TASK_FAILED);
        assertThat(scene.last().getMessage()).isEqualTo("Command terminated with signal Killed");
    }

    @Test
    void killsWithTheGraceOfTheKillBeforeThatOfTheTask() {
        task.launch(info().setKillPolicy(grace(30).get()).build());

        task.kill(ID, grace(2));
        scene.pass(Duration.ofSeconds(1));
        assertThat(scene.signals).containsExactly("TERM");
        scene.pass(Duration.ofSeconds(1));
        assertThat(scene.signals).containsExactly("TERM", "KILL");
        scene.ended.accept(SIGNALLED + 9);

        assertThat(scene.states()).endsWith(TaskState.TASK_KILLING, TaskState.TASK_KILLED);
    }

    @Test
    void shortensTheGraceByALaterKillAndNeverLengthensIt() {
        task.launch(info().build());

        task.kill(ID, grace(20));
        scene.pass(Duration.ofSeconds(1));
        task.kill(ID, grace(60));
        task.kill(ID, grace(5));
        scene.pass(Duration.ofSeconds(3));
        assertThat(scene.signals).containsExactly("TERM");
        scene.pass(Duration.ofSeconds(1));

        assertThat(scene.signals).containsExactly("TERM", "KILL");
        assertThat(scene.states()).containsOnlyOnce(TaskState.TASK_KILLING);
    }

    @Test
    void failsATaskThatTakesTooLong() {
        task.launch(info().setMaxCompletionTime(DurationInfo.newBuilder()
                        .setNanoseconds(Duration.ofSeconds(7).toNanos()))
                .build());
        scene.pass(Duration.ofSeconds(7));
        scene.ended.accept(SIGNALLED + 15);

        assertThat(scene.signals).startsWith("TERM");
        assertThat(scene.states()).doesNotContain(TaskState.TASK_KILLING);
        assertThat(scene.last().getState()).isEqualTo(TaskState.TASK_FAILED);
        assertThat(scene.last().getReason()).isEqualTo(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED);
    }

    @Test
    void killsATaskThatIsUnhealthyOnceTooOften() {
        task.launch(info().build());
        task.health(Verdict.HEALTHY);
        task.health(Verdict.UNHEALTHY_AND_TO_BE_KILLED);
        task.health(Verdict.UNHEALTHY_AND_TO_BE_KILLED);
        scene.ended.accept(SIGNALLED + 15);

        assertThat(scene.sent)
                .filteredOn(status -> status.getReason() == TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED)
                .extracting(TaskStatus::getHealthy)
                .containsExactly(true, false);
        assertThat(scene.last().getState()).isEqualTo(TaskState.TASK_KILLED);
        assertThat(scene.last().getHealthy()).isFalse();
        assertThat(scene.last().hasReason()).isFalse();
    }

    @Test
    void refusesASecondTaskAndTakesTheSameOneOnce() {
        task.launch(info().build());
        task.launch(info().build());
        assertThat(scene.states()).containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING);

        task.launch(info().setTaskId(TaskID.newBuilder().setValue("other")).build());
        assertThat(scene.last().getTaskId().getValue()).isEqualTo("other");
        assertThat(scene.last().getState()).isEqualTo(TaskState.TASK_FAILED);
    }

    @Test
    void leavesAtAShutdownBeforeAnyTask() {
        task.shutdown(Duration.ofSeconds(5));

        assertThat(scene.left).isTrue();
    }

    /** A command whose end the test decides, and a time that passes when the test says so. */
    private static final class Scene implements Surroundings {
        private record Due(Duration at, Runnable action) {}

        final List<TaskStatus> sent = new ArrayList<>();
        final List<String> signals = new ArrayList<>();
        final List<Due> timers = new ArrayList<>();
        IntConsumer ended = exit -> {};
        boolean left;
        Duration uptime = Duration.ZERO;

        List<TaskState> states() {
            return sent.stream().map(TaskStatus::getState).toList();
        }

        TaskStatus last() {
            return sent.get(sent.size() - 1);
        }

        void pass(Duration time) {
            uptime = uptime.plus(time);
            List<Due> due = timers.stream()
                    .filter(timer -> timer.at().compareTo(uptime) <= 0)
                    .toList();
            timers.removeAll(due);
            due.forEach(timer -> timer.action().run());
        }

        @Override
        public void send(TaskStatus status) {
            sent.add(status);
        }

        @Override
        public Runnable after(Duration delay, Runnable action) {
            Due due = new Due(uptime.plus(delay), action);
            timers.add(due);
            return () -> timers.remove(due);
        }

        @Override
        public Running start(TaskInfo info, IntConsumer whenEnded) {
            ended = whenEnded;
            return new Running() {
                @Override
                public void terminate() {
                    signals.add("TERM");
                }

                @Override
                public void kill() {
                    signals.add("KILL");
                }
            };
        }

        @Override
        public TaskChecks check(TaskInfo info, TaskChecks.Listener listener) {
            return new TaskChecks(
                    info,
                    (probe, timeout) -> {
                        throw new IllegalStateException("no task here has a check");
                    },
                    Runnable::run,
                    listener);
        }

        @Override
        public double now() {
            return uptime.toSeconds();
        }

        @Override
        public Duration uptime() {
            return uptime;
        }

        @Override
        public boolean reportsKilling() {
            return true;
        }

        @Override
        public void leave() {
            left = true;
        }
    }
}
