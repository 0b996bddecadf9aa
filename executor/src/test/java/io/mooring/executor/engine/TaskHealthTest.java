package io.mooring.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.CheckState;
import io.mooring.common.command.ExecutorReport.HealthReport;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.health.Answer;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.health.HealthJudge.Verdict;
import io.mooring.common.health.HealthRules;
import io.mooring.common.health.Probe;
import io.mooring.executor.run.Exit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A task is healthy when all its checks say so, and any of them can end it. */
class TaskHealthTest {
    private static final Answer WELL = new Answer.Exited(0);
    private static final Answer SICK = new Answer.Exited(1);

    private final List<Event> inbox = new ArrayList<>();
    private final Asked workload = new Asked();

    private TaskHealth of(int... failures) {
        return new TaskHealth(
                workload,
                inbox::add,
                IntStream.range(0, failures.length)
                        .mapToObj(i -> new HealthCheck(
                                new Probe.Tcp(Probe.Family.IPV4, 8000 + i),
                                new CheckRhythm(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1)),
                                new HealthRules(Duration.ofSeconds(10), failures[i])))
                        .toList());
    }

    private static Optional<TaskHealth.News> tell(TaskHealth health, int check, Answer answer) {
        return health.judge(new Event.Answered(check, answer, Duration.ofMinutes(1)));
    }

    @Test
    void asksEachQuestionAndKnowsWhoseAnswerComes() {
        TaskHealth health = of(3, 3);

        health.begin();
        workload.answers.get(1).accept(WELL, Duration.ofSeconds(2));
        health.end();

        assertThat(workload.probes)
                .containsExactly(new Probe.Tcp(Probe.Family.IPV4, 8000), new Probe.Tcp(Probe.Family.IPV4, 8001));
        assertThat(inbox).containsExactly(new Event.Answered(1, WELL, Duration.ofSeconds(2)));
        assertThat(workload.stopped).isTrue();
    }

    @Test
    void isHealthyWhenAllChecksSaySo() {
        TaskHealth health = of(3, 3);

        TaskHealth.News first = tell(health, 1, WELL).orElseThrow();
        assertThat(first.task()).as("one was not answered yet").isEqualTo(Status.Health.NOT_TOLD);
        assertThat(first.report()).contains(new HealthReport(1, List.of(CheckState.UNKNOWN, CheckState.HEALTHY)));

        assertThat(tell(health, 0, WELL).orElseThrow().task()).isEqualTo(Status.Health.HEALTHY);
        TaskHealth.News sick = tell(health, 1, SICK).orElseThrow();
        assertThat(sick.task()).isEqualTo(Status.Health.UNHEALTHY);
        assertThat(sick.verdict()).isEqualTo(Verdict.UNHEALTHY);
        assertThat(sick.report()).contains(new HealthReport(1, List.of(CheckState.HEALTHY, CheckState.UNHEALTHY)));
        assertThat(tell(health, 0, WELL)).as("nothing new").isEmpty();
        assertThat(tell(health, 1, WELL).orElseThrow().task()).isEqualTo(Status.Health.HEALTHY);
    }

    @Test
    void eachCheckCountsItsOwnFailuresAndAnyEndsTheTask() {
        TaskHealth health = of(2, 3);
        tell(health, 0, WELL);
        tell(health, 1, SICK);

        assertThat(tell(health, 0, SICK).orElseThrow().verdict()).isEqualTo(Verdict.UNHEALTHY);
        assertThat(health.last()).isEqualTo(Status.Health.NOT_TOLD);
        assertThat(tell(health, 0, SICK).orElseThrow().verdict()).isEqualTo(Verdict.UNHEALTHY_AND_TO_BE_KILLED);
        tell(health, 1, WELL);
        assertThat(health.last()).as("whatever the other one says after that").isEqualTo(Status.Health.UNHEALTHY);
    }

    @Test
    void oneCheckAloneSpeaksForTheTask() {
        TaskHealth health = of(3);

        TaskHealth.News news = tell(health, 0, WELL).orElseThrow();

        assertThat(news.task()).isEqualTo(Status.Health.HEALTHY);
        assertThat(news.report()).isEmpty();
    }

    /** Only remembers what it is to ask. */
    private static final class Asked implements WorkloadPort {
        private final List<Probe> probes = new ArrayList<>();
        private final List<BiConsumer<Answer, Duration>> answers = new ArrayList<>();
        private boolean stopped;

        @Override
        public void check(Probe probe, CheckRhythm rhythm, BiConsumer<Answer, Duration> to) {
            probes.add(probe);
            answers.add(to);
        }

        @Override
        public void stopChecking() {
            stopped = true;
        }

        @Override
        public Optional<String> objection(RunWorkload order) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void start(Launch launch) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Exit await() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void terminate() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void enforce() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String remaining() {
            throw new UnsupportedOperationException();
        }
    }
}
