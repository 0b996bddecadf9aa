package io.mooring.scheduler.cluster;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a task's executor said of its health so far. Not durable: a new leader asks Mesos, which tells the last word again.
 *
 * @param verdict of the task as a whole, the last word: it is healthy when all its checks say so
 * @param checks each health check of the task, as far as anything was said of it
 */
public record TaskHealth(Verdict verdict, List<CheckHealth> checks) {
    /** What is said of a task, or of one of its checks. */
    public enum Verdict {
        UNKNOWN,
        HEALTHY,
        UNHEALTHY
    }

    /** Of a task that nothing was said of. */
    public static final TaskHealth UNKNOWN = new TaskHealth(Verdict.UNKNOWN, List.of());

    public TaskHealth {
        checks = List.copyOf(checks);
    }

    /** With the word for the whole task, which all of its checks stand behind. */
    public TaskHealth healthy(Instant now) {
        List<CheckHealth> known = checks.isEmpty() ? List.of(CheckHealth.UNKNOWN) : checks;
        return new TaskHealth(
                Verdict.HEALTHY, known.stream().map(each -> each.healthy(now)).toList());
    }

    /** With the word for the whole task. Of several checks it does not say which one failed. */
    public TaskHealth unhealthy(String why, Instant now) {
        if (checks.size() > 1) {
            return new TaskHealth(Verdict.UNHEALTHY, checks);
        }
        CheckHealth only = checks.isEmpty() ? CheckHealth.UNKNOWN : checks.get(0);
        return new TaskHealth(Verdict.UNHEALTHY, List.of(only.unhealthy(why, now)));
    }

    /**
     * With the answer to one of several checks.
     *
     * @param all how each of them stands after it
     */
    public TaskHealth answered(int check, List<Verdict> all, String why, Instant now) {
        List<CheckHealth> next = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            CheckHealth before = checks.size() == all.size() ? checks.get(i) : CheckHealth.UNKNOWN;
            boolean failedAgain = i == check && all.get(i) == Verdict.UNHEALTHY;
            next.add(failedAgain ? before.unhealthy(why, now) : before.standing(all.get(i), now));
        }
        return new TaskHealth(together(all), next);
    }

    private static Verdict together(List<Verdict> all) {
        if (all.contains(Verdict.UNHEALTHY)) {
            return Verdict.UNHEALTHY;
        }
        return all.contains(Verdict.UNKNOWN) ? Verdict.UNKNOWN : Verdict.HEALTHY;
    }
}
