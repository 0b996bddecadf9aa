package io.mooring.local.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Compares recorded and received JSON. Ids, times and pids differ from run to run: an id is learned where it is first seen
 * and has to be the same from then on.
 */
final class Matching {
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(-[SO]?\\d+)?");

    /** Differ in every run and say nothing about behaviour. */
    private static final Set<String> VOLATILE = Set.of(
            "timestamp",
            "executor_pid",
            "unreachable_time",
            "master_info",
            "registered_time",
            "reregistered_time",
            "unregistered_time",
            "estimated_drain_start_time",
            "completion_time",
            "completed_frameworks",
            "completed_tasks",
            "start_time",
            "elected_time",
            "build_date",
            "build_time",
            "build_user",
            "git_sha",
            "master/uptime_secs",
            "cpus_user_time_secs",
            "cpus_system_time_secs",
            "mem_rss_bytes",
            "seconds");

    /** Lists that a real master fills from a hash map, and sums of resources. */
    private static final Set<String> UNORDERED = Set.of(
            "/agents",
            "/frameworks",
            "/completed_frameworks",
            "/executors",
            "/tasks",
            "/launched_tasks",
            "/containers",
            "/offers",
            "/total_resources",
            "/allocated_resources",
            "/offered_resources",
            "/resources",
            "/slaves",
            "/framework_ids",
            "/slave_ids",
            "_resources_full",
            "/roles/roles",
            "/get_roles/roles");

    /** Shortened in the recordings: what is there has to be in ours, too. */
    private static final Set<String> PARTS = Set.of("/flags", "/metrics");

    private final Map<String, String> learned;
    private final Set<String> ignored;

    Matching() {
        this(Set.of());
    }

    /** @param ignored fields that are not compared */
    Matching(Set<String> ignored) {
        this(new HashMap<>(), ignored);
    }

    private Matching(Map<String, String> learned, Set<String> ignored) {
        this.learned = learned;
        this.ignored = Set.copyOf(ignored);
    }

    Matching copy() {
        return new Matching(new HashMap<>(learned), ignored);
    }

    void adopt(Matching other) {
        learned.putAll(other.learned);
    }

    void learn(String recorded, String received) {
        learned.put(recorded, received);
    }

    /** Whether something recorded stands for this. */
    boolean isLearned(String received) {
        return learned.containsValue(received);
    }

    /** The text with every recorded id replaced by the one of this run; longer ones first, since some begin others. */
    String translate(String text) {
        String translated = text;
        List<String> known = new ArrayList<>(learned.keySet());
        known.sort(Comparator.comparingInt(String::length).reversed());
        for (String recorded : known) {
            translated = translated.replace(recorded, learned.get(recorded));
        }
        return translated;
    }

    /** What differs, if anything does. */
    Optional<String> difference(JsonNode recorded, JsonNode received) {
        return difference("", recorded, received);
    }

    /** The same for a body that may have been shortened. */
    Optional<String> trimmed(JsonNode recorded, JsonNode received) {
        if (recorded.path("...").asText().equals("trimmed")) {
            List<String> keys = new ArrayList<>();
            recorded.get("keys").forEach(key -> keys.add(key.asText()));
            List<String> ours = new ArrayList<>();
            received.fieldNames().forEachRemaining(ours::add);
            return ours.containsAll(keys) ? Optional.empty() : Optional.of(ours + ", expected " + keys);
        }
        return recorded.has("master/elected") ? part("", recorded, received) : difference("", recorded, received);
    }

    /** What both have has to be the same: a real master has more flags and numbers, and recordings leave some out. */
    private Optional<String> part(String path, JsonNode recorded, JsonNode received) {
        Map<String, JsonNode> theirs = named(recorded);
        Map<String, JsonNode> ours = named(received);
        if (ours.keySet().stream().noneMatch(theirs::containsKey)) {
            return Optional.of(path + ": " + ours.keySet() + ", expected some of " + theirs.keySet());
        }
        for (Map.Entry<String, JsonNode> each : theirs.entrySet()) {
            Optional<String> difference = VOLATILE.contains(each.getKey()) || !ours.containsKey(each.getKey())
                    ? Optional.empty()
                    : difference(path + "/" + each.getKey(), each.getValue(), ours.get(each.getKey()));
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private static Map<String, JsonNode> named(JsonNode flags) {
        Map<String, JsonNode> named = new HashMap<>();
        flags.properties().forEach(field -> named.put(field.getKey(), field.getValue()));
        flags.forEach(each -> {
            if (each.has("name")) {
                named.put(each.get("name").asText(), each.get("value"));
            }
        });
        return named;
    }

    private Optional<String> difference(String path, JsonNode recorded, JsonNode received) {
        if (received != null && PARTS.stream().anyMatch(path::endsWith)) {
            return part(path + "/", recorded, received);
        }
        if (received == null || received.isMissingNode()) {
            return Optional.of(path + ": missing, expected " + recorded);
        }
        if (recorded.isObject() && received.isObject()) {
            return objects(path, recorded, received);
        }
        if (recorded.isArray() && received.isArray()) {
            return arrays(path, recorded, received);
        }
        if (recorded.isNumber() && received.isNumber()) {
            return Math.abs(recorded.asDouble() - received.asDouble()) < 1e-9
                            || translate(":" + recorded.asText()).equals(":" + received.asText())
                    ? Optional.empty()
                    : Optional.of(path + ": " + received + ", expected " + recorded);
        }
        if (recorded.isTextual() && received.isTextual()) {
            return texts(path, recorded.asText(), received.asText());
        }
        return recorded.equals(received)
                ? Optional.empty()
                : Optional.of(path + ": " + received + ", expected " + recorded);
    }

    private Optional<String> objects(String path, JsonNode recorded, JsonNode received) {
        for (Map.Entry<String, JsonNode> field : recorded.properties()) {
            // The bindings know no AgentInfo.checkpoint, and cgroups are none of this cluster's.
            boolean skipped = VOLATILE.contains(field.getKey())
                    || ignored.contains(field.getKey())
                    || field.getKey().equals("cgroup_info")
                    || field.getKey().equals("trimmed")
                    || (path + "/" + field.getKey()).endsWith("/agent_info/checkpoint")
                    || (path + "/" + field.getKey()).matches(".*/recovered_agents/\\d+/checkpoint");
            if (!skipped) {
                Optional<String> difference =
                        difference(path + "/" + field.getKey(), field.getValue(), received.get(field.getKey()));
                if (difference.isPresent()) {
                    return difference;
                }
            }
        }
        Iterator<String> names = received.fieldNames();
        while (names.hasNext()) {
            String name = names.next();
            if (!recorded.has(name) && !ignored.contains(name)) {
                return Optional.of(path + "/" + name + ": not expected, but is " + received.get(name));
            }
        }
        return Optional.empty();
    }

    private Optional<String> arrays(String path, JsonNode recorded, JsonNode received) {
        if (recorded.size() != received.size()) {
            return Optional.of(path + ": " + received + ", expected " + recorded);
        }
        // A list that is the whole answer is one of containers.
        if (path.isEmpty() || UNORDERED.stream().anyMatch(path::endsWith)) {
            return anyOrder(path, recorded, received);
        }
        for (int i = 0; i < recorded.size(); i++) {
            Optional<String> difference = difference(path + "/" + i, recorded.get(i), received.get(i));
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private Optional<String> anyOrder(String path, JsonNode recorded, JsonNode received) {
        List<JsonNode> left = new ArrayList<>();
        received.forEach(left::add);
        for (JsonNode wanted : recorded) {
            Optional<JsonNode> found =
                    left.stream().filter(each -> fits(wanted, each)).findFirst();
            if (found.isEmpty()) {
                return Optional.of(path + ": none is " + translate(wanted.toString()) + ", there are " + left
                        + left.stream()
                                .map(each -> copy().difference(wanted, each).orElse(""))
                                .toList());
            }
            left.remove(found.get());
        }
        return Optional.empty();
    }

    /** Whether it is the same; if so, what it teaches is learned. */
    boolean fits(JsonNode recorded, JsonNode received) {
        Matching trial = copy();
        boolean same = trial.difference(recorded, received).isEmpty();
        if (same) {
            adopt(trial);
        }
        return same;
    }

    /** Messages name containers whose ids were in no event before. */
    private boolean learnedInside(String recorded, String received) {
        List<String> theirs =
                ID.matcher(recorded).results().map(MatchResult::group).toList();
        List<String> ours =
                ID.matcher(received).results().map(MatchResult::group).toList();
        boolean alike = !theirs.isEmpty()
                && theirs.size() == ours.size()
                && ID.matcher(translate(recorded))
                        .replaceAll("?")
                        .equals(ID.matcher(received).replaceAll("?"));
        for (int i = 0; alike && i < ours.size(); i++) {
            alike = learned.getOrDefault(theirs.get(i), ours.get(i)).equals(ours.get(i));
        }
        for (int i = 0; alike && i < ours.size(); i++) {
            learned.put(theirs.get(i), ours.get(i));
        }
        return alike;
    }

    private Optional<String> texts(String path, String recorded, String received) {
        boolean known = learned.containsKey(recorded);
        if (translate(recorded).equals(received)) {
            return Optional.empty();
        }
        if (translate(":" + recorded).equals(":" + received)) {
            return Optional.empty();
        }
        boolean ids = ID.matcher(recorded).matches() && ID.matcher(received).matches();
        boolean uuids =
                (path.endsWith("/uuid") || path.endsWith("/uuid/value")) && recorded.length() == received.length();
        if (!known && (ids || uuids)) {
            learned.put(recorded, received);
            return Optional.empty();
        }
        return learnedInside(recorded, received)
                        || recorded.contains("<bin>")
                        || recorded.contains("<work_dir>")
                        || path.endsWith("/command/value")
                ? Optional.empty()
                : Optional.of(path + ": '" + received + "', expected '" + translate(recorded) + "'");
    }
}
