package io.mooring.common.health;

import java.time.Duration;
import java.util.Optional;

/**
 * The health of one task after the answers so far. Reported are the first healthy answer, every failure that counts, and
 * the first healthy answer after failures; the last failure that the rules permit kills the task. That is what
 * {@code src/checks/health_checker.cpp} of Mesos does.
 *
 * @param initializing no answer was healthy yet
 * @param failures in a row
 */
public record HealthJudge(HealthRules rules, boolean initializing, int failures) {
    /** What an answer means for the task, where the framework is to know. */
    public enum Verdict {
        HEALTHY,
        UNHEALTHY,
        /** Unhealthy once too often. */
        UNHEALTHY_AND_TO_BE_KILLED;

        public boolean healthy() {
            return switch (this) {
                case HEALTHY -> true;
                case UNHEALTHY, UNHEALTHY_AND_TO_BE_KILLED -> false;
            };
        }
    }

    /** The judge of the next answer, and what this answer gives to report. */
    public record Judged(HealthJudge next, Optional<Verdict> news) {}

    /** Before the first answer. */
    public static HealthJudge of(HealthRules rules) {
        return new HealthJudge(rules, true, 0);
    }

    /**
     * Judges one answer.
     *
     * @param age of the task when the answer came
     */
    public Judged judge(Answer answer, Duration age) {
        return answer.healthy() ? passed() : failed(age);
    }

    private Judged passed() {
        boolean changed = initializing || failures > 0;
        return new Judged(new HealthJudge(rules, false, 0), changed ? Optional.of(Verdict.HEALTHY) : Optional.empty());
    }

    private Judged failed(Duration age) {
        boolean inGrace = !rules.grace().isZero() && age.compareTo(rules.grace()) <= 0;
        if (initializing && inGrace) {
            return new Judged(this, Optional.empty());
        }
        int now = failures + 1;
        Verdict verdict = now >= rules.consecutiveFailures() ? Verdict.UNHEALTHY_AND_TO_BE_KILLED : Verdict.UNHEALTHY;
        return new Judged(new HealthJudge(rules, initializing, now), Optional.of(verdict));
    }
}
