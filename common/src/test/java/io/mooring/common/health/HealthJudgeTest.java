package io.mooring.common.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.health.HealthJudge.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthJudgeTest {
    private static final Answer GOOD = new Answer.Exited(0);
    private static final Answer BAD = new Answer.Exited(1);

    private static List<Optional<Verdict>> verdicts(HealthRules rules, Answer... answers) {
        List<Optional<Verdict>> verdicts = new ArrayList<>();
        HealthJudge judge = HealthJudge.of(rules);
        for (int second = 0; second < answers.length; second++) {
            HealthJudge.Judged judged = judge.judge(answers[second], Duration.ofSeconds(second + 1));
            verdicts.add(judged.news());
            judge = judged.next();
        }
        return verdicts;
    }

    @Test
    void reportsTheFirstSuccessAndNoFurther() {
        assertThat(verdicts(new HealthRules(Duration.ZERO, 3), GOOD, GOOD, GOOD))
                .containsExactly(Optional.of(Verdict.HEALTHY), Optional.empty(), Optional.empty());
    }

    @Test
    void reportsEveryFailureAndKillsAtTheLastOneThatIsPermitted() {
        assertThat(verdicts(new HealthRules(Duration.ZERO, 2), GOOD, BAD, BAD, BAD))
                .containsExactly(
                        Optional.of(Verdict.HEALTHY),
                        Optional.of(Verdict.UNHEALTHY),
                        Optional.of(Verdict.UNHEALTHY_AND_TO_BE_KILLED),
                        Optional.of(Verdict.UNHEALTHY_AND_TO_BE_KILLED));
    }

    @Test
    void countsFromTheStartAgainAfterASuccess() {
        assertThat(verdicts(new HealthRules(Duration.ZERO, 2), BAD, GOOD, BAD))
                .containsExactly(
                        Optional.of(Verdict.UNHEALTHY), Optional.of(Verdict.HEALTHY), Optional.of(Verdict.UNHEALTHY));
    }

    @Test
    void forgivesFailuresInTheGracePeriodUntilTheTaskWasHealthyOnce() {
        HealthRules rules = new HealthRules(Duration.ofSeconds(3), 1);

        assertThat(verdicts(rules, BAD, BAD, BAD, BAD))
                .containsExactly(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Verdict.UNHEALTHY_AND_TO_BE_KILLED));
        assertThat(verdicts(rules, GOOD, BAD))
                .containsExactly(Optional.of(Verdict.HEALTHY), Optional.of(Verdict.UNHEALTHY_AND_TO_BE_KILLED));
    }

    @Test
    void takesRedirectsForHealthyAndWhatIsNotAnsweredForAFailure() {
        assertThat(new Answer.Responded(200).healthy()).isTrue();
        assertThat(new Answer.Responded(399).healthy()).isTrue();
        assertThat(new Answer.Responded(400).healthy()).isFalse();
        assertThat(new Answer.Connected(false).healthy()).isFalse();
        assertThat(new Answer.Failed("timed out").healthy()).isFalse();
    }
}
