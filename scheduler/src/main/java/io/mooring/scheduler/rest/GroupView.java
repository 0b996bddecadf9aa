package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.Group;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Groups in Marathon's shape: those that were asked for, and each path that leads to an app. */
final class GroupView {
    private final Set<Part> parts;
    private final Set<Embed> embeds;

    /**
     * @param words Marathon's, of which {@code group.apps}, {@code group.groups} and {@code group.pods} say what is shown of a
     *     group, by default all of it, and those with {@code group.apps.} before them what is shown of its apps
     */
    GroupView(List<String> words) {
        this.parts = Part.of(words);
        this.embeds = Embed.of(words.stream()
                .filter(word -> word.startsWith(Part.WORD + "apps."))
                .toList());
    }

    private enum Part {
        APPS,
        GROUPS,
        PODS;

        private static final String WORD = "group.";

        private static Set<Part> of(List<String> words) {
            return words.isEmpty()
                    ? EnumSet.allOf(Part.class)
                    : Stream.of(values())
                            .filter(part -> words.contains(WORD + part.name().toLowerCase(Locale.ROOT)))
                            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Part.class)));
        }
    }

    /**
     * The group with all that is below it; empty if there is nothing.
     *
     * @param apps those in the group and in the groups below it
     * @param groups that were asked for, this one and those below it
     */
    Optional<ObjectNode> of(String path, List<SeenApp> apps, List<Group> groups) {
        return apps.isEmpty() && groups.isEmpty() && !path.equals("/")
                ? Optional.empty()
                : Optional.of(view(path, apps, groups));
    }

    /** Whether there is such a group: the root, one that was asked for or lies above one, or one with apps. */
    static boolean there(String group, ClusterState state) {
        return group.equals("/")
                || !groups(group, state).isEmpty()
                || !below(group, state).isEmpty();
    }

    /** The apps in the group and in those below it. */
    static List<App> below(String group, ClusterState state) {
        String prefix = group.equals("/") ? "/" : group + "/";
        return state.apps().stream()
                .filter(app -> app.id().path().startsWith(prefix))
                .toList();
    }

    /** Of the groups that were asked for, that one and those below it. */
    static List<Group> groups(String group, ClusterState state) {
        String prefix = group.equals("/") ? "/" : group + "/";
        return state.groups().stream()
                .filter(known -> known.path().equals(group) || known.path().startsWith(prefix))
                .toList();
    }

    /** The apps of a group as a list. */
    ArrayNode apps(List<SeenApp> apps) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        apps.forEach(app -> list.add(AppView.of(app, embeds)));
        return list;
    }

    private ObjectNode view(String path, List<SeenApp> apps, List<Group> asked) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", path);
        ArrayNode own = JsonNodeFactory.instance.arrayNode();
        SortedMap<String, List<SeenApp>> groups = new TreeMap<>();
        SortedMap<String, List<Group>> below = new TreeMap<>();
        int start = path.equals("/") ? 1 : path.length() + 1;
        for (SeenApp seen : apps) {
            String id = seen.app().id().path();
            int slash = id.indexOf('/', start);
            if (slash < 0 && parts.contains(Part.APPS)) {
                own.add(AppView.of(seen, embeds));
            } else if (slash >= 0 && parts.contains(Part.GROUPS)) {
                groups.computeIfAbsent(id.substring(0, slash), group -> new ArrayList<>())
                        .add(seen);
            }
        }
        for (Group group : asked) {
            if (group.path().length() > start && parts.contains(Part.GROUPS)) {
                int slash = group.path().indexOf('/', start);
                String next = slash < 0 ? group.path() : group.path().substring(0, slash);
                groups.computeIfAbsent(next, none -> new ArrayList<>());
                below.computeIfAbsent(next, none -> new ArrayList<>()).add(group);
            }
        }
        if (parts.contains(Part.APPS)) {
            view.set("apps", own);
        }
        if (parts.contains(Part.GROUPS)) {
            ArrayNode nested = view.putArray("groups");
            groups.forEach((group, its) -> nested.add(view(group, its, below.getOrDefault(group, List.of()))));
        }
        if (parts.contains(Part.PODS)) {
            view.putArray("pods");
        }
        view.putArray("dependencies");
        Instant version = Stream.concat(
                        apps.stream().map(seen -> seen.app().version()),
                        asked.stream().map(Group::version))
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        view.put("version", Times.text(version));
        return view;
    }
}
