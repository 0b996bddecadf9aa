package io.mooring.scheduler.reconcile;

import io.mooring.common.ids.TaskId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * One run of explicit reconciliation: ask for every task, wait longer and longer, ask again for those
 * that nothing was heard of since, until all are answered.
 */
public final class Reconciliation {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int BATCH = 1000;

    private final TreeSet<TaskId> unanswered = new TreeSet<>();
    private int asked;

    /** Starts over with these tasks; whatever was open before is forgotten. */
    public void start(Collection<TaskId> tasks) {
        unanswered.clear();
        unanswered.addAll(tasks);
        asked = 0;
    }

    /** Any update of the task is an answer. */
    public void heard(TaskId task) {
        unanswered.remove(task);
    }

    /** Tasks that are not asked for any more, because they are settled. */
    public void retain(Predicate<TaskId> wanted) {
        unanswered.removeIf(wanted.negate());
    }

    public int open() {
        return unanswered.size();
    }

    /** What to ask for now, in batches, and how long to wait for the answers; empty when all are answered. */
    public Optional<Round> next() {
        if (unanswered.isEmpty()) {
            return Optional.empty();
        }
        List<TaskId> open = List.copyOf(unanswered);
        List<List<TaskId>> batches = new java.util.ArrayList<>();
        for (int from = 0; from < open.size(); from += BATCH) {
            batches.add(open.subList(from, Math.min(open.size(), from + BATCH)));
        }
        long wait = FIRST_WAIT.toMillis() << Math.min(asked, 10);
        asked++;
        return Optional.of(new Round(batches, Duration.ofMillis(Math.min(wait, LONGEST_WAIT.toMillis()))));
    }

    /** One round of questions. */
    public record Round(List<List<TaskId>> batches, Duration pause) {}
}
