package io.mooring.scheduler.rest;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What is shown with an app on demand, by Marathon's words; counts and deployments always are. */
enum Embed {
    TASKS,
    LAST_TASK_FAILURE,
    TASK_STATS,
    READINESS;

    /** What is shown of a single app if nothing is asked for. */
    static final Set<Embed> USUAL = Set.of(TASKS, LAST_TASK_FAILURE);

    /**
     * Reads the parameters; words that are not known are left out, as by Marathon.
     *
     * @param prefix {@code apps.} for a list, {@code app.} for one
     * @param unasked what is shown if nothing is asked for
     */
    static Set<Embed> of(List<String> words, String prefix, Set<Embed> unasked) {
        if (words == null || words.isEmpty()) {
            return unasked;
        }
        Set<Embed> embeds = EnumSet.noneOf(Embed.class);
        for (String word : words) {
            String known = word.startsWith(prefix) ? word.substring(prefix.length()) : "";
            switch (known) {
                case "tasks" -> embeds.add(TASKS);
                case "lastTaskFailure" -> embeds.add(LAST_TASK_FAILURE);
                case "failures" -> {
                    embeds.add(TASKS);
                    embeds.add(LAST_TASK_FAILURE);
                }
                case "taskStats" -> embeds.add(TASK_STATS);
                case "readiness" -> embeds.add(READINESS);
                default -> {}
            }
        }
        return embeds;
    }
}
