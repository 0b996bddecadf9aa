package io.mooring.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.TaskOrder.Workload;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.TaskId;
import io.mooring.executor.run.ForeignLaunch.CommandForm;
import io.mooring.executor.run.ForeignTerms.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignTermsTest {
    private static final String PATH = "/opt/mooring/bin/mooring-executor";
    private static final Map<String, String> LABELS = Map.of(ForeignTerms.USER, "nobody");

    private static String wrapped(String command) {
        return "chmod ug+rx '" + PATH + "' && exec '" + PATH + "' " + command;
    }

    private static ForeignLaunch launch(
            String command, CommandForm form, Map<String, String> labels, Optional<String> container) {
        return new ForeignLaunch(
                new TaskId("t"),
                new FrameworkId("f"),
                new AgentId("a"),
                command,
                form,
                Map.of("A", "b", "MOORING_EXECUTOR_CONFIG", "/x"),
                labels,
                List.of(),
                List.of(),
                container,
                Optional.of(Duration.ofSeconds(9)),
                Optional.empty());
    }

    private static Verdict judge(String command) {
        return ForeignTerms.judge(launch(command, CommandForm.SHELL, LABELS, Optional.empty()), 0, "/v/{name}");
    }

    private static String refusal(Verdict verdict) {
        return ((Verdict.Refuse) verdict).reason();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sleep 1000",
                "echo \"a  'b'\" > $MOORING_VOLUME_0_PATH/x && sleep 1; date",
                "echo 'chmod ug+rx' && exec 'me' again"
            })
    void runsTheCommandAsItWasWritten(String command) {
        Workload workload = ((Verdict.Run) judge(wrapped(command))).workload();

        assertThat(workload.shellCommand()).contains(command);
        assertThat(workload.user()).contains("nobody");
        assertThat(workload.killGrace()).isEqualTo(Duration.ofSeconds(9));
        assertThat(workload.defaultPath()).isEqualTo("/v/{name}");
        assertThat(workload.environment()).containsOnlyKeys("A");
    }

    @Test
    void refusesArgumentsInWords() {
        Verdict verdict =
                ForeignTerms.judge(launch(wrapped("a b"), CommandForm.ARGUMENTS, LABELS, Optional.empty()), 0, "/v");

        assertThat(refusal(verdict)).contains("'args'", "'cmd'");
    }

    @Test
    void refusesAnAppWithoutACommand() {
        assertThat(refusal(judge(wrapped("")))).contains("no 'cmd'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec /opt/mooring/bin/mooring-executor",
                "chmod ug+rx '/a' && exec '/b' x",
                "chmod ug+rx '/a",
                ""
            })
    void refusesWhatWasNotStartedAsMarathonStartsExecutors(String command) {
        assertThat(refusal(judge(command))).contains("was not started as Marathon");
        assertThat(ForeignTerms.recognises(command)).isFalse();
    }

    @Test
    void refusesToRunWithoutRoot() {
        Verdict verdict =
                ForeignTerms.judge(launch(wrapped("x"), CommandForm.SHELL, LABELS, Optional.empty()), 1000, "/v");

        assertThat(refusal(verdict)).contains("1000", "root", "mooring/user");
    }

    @Test
    void wantsToBeToldWhoRunsTheWorkload() {
        Verdict verdict =
                ForeignTerms.judge(launch(wrapped("x"), CommandForm.SHELL, Map.of(), Optional.empty()), 0, "/v");

        assertThat(refusal(verdict)).contains("mooring/user is missing");
    }

    @Test
    void refusesAContainerThatItWouldBeLockedUpIn() {
        Verdict verdict = ForeignTerms.judge(
                launch(wrapped("x"), CommandForm.SHELL, LABELS, Optional.of("inside of a container")), 0, "/v");

        assertThat(refusal(verdict)).isEqualTo("inside of a container");
    }
}
