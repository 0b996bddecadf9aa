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

    /** Marathon takes each for the others, and none at all. */
    private static final List<String> PREFIXES = List.of("group.apps.", "apps.", "app.");

    /** What is shown of apps in a list; words that are not known are left out, as by Marathon. */
    static Set<Embed> of(List<String> words) {
        Set<Embed> embeds = EnumSet.noneOf(Embed.class);
        words.forEach(word -> embeds.addAll(meant(word)));
        return embeds;
    }

    /** What is shown of one app: its tasks and its last failure whatever is asked for. */
    static Set<Embed> ofOne(List<String> words) {
        Set<Embed> embeds = of(words);
        embeds.addAll(Set.of(TASKS, LAST_TASK_FAILURE));
        return embeds;
    }

    private static Set<Embed> meant(String word) {
        String known = PREFIXES.stream()
                .filter(word::startsWith)
                .map(prefix -> word.substring(prefix.length()))
                .findFirst()
                .orElse(word);
        return switch (known) {
            case "tasks" -> Set.of(TASKS);
            case "lastTaskFailure" -> Set.of(LAST_TASK_FAILURE);
            case "failures" -> Set.of(TASKS, LAST_TASK_FAILURE);
            case "taskStats" -> Set.of(TASK_STATS);
            case "readiness" -> Set.of(READINESS);
            default -> Set.of();
        };
    }
}
