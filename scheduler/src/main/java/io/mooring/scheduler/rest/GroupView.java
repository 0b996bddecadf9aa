package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.definition.App;
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

/** Groups in Marathon's shape. A group is the path that its apps have in common; there is none without apps, but the root. */
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
     */
    Optional<ObjectNode> of(String path, List<SeenApp> apps) {
        return apps.isEmpty() && !path.equals("/") ? Optional.empty() : Optional.of(view(path, apps));
    }

    /** The apps in the group and in those below it. */
    static List<App> below(String group, ClusterState state) {
        String prefix = group.equals("/") ? "/" : group + "/";
        return state.apps().stream()
                .filter(app -> app.id().path().startsWith(prefix))
                .toList();
    }

    /** The apps of a group as a list. */
    ArrayNode apps(List<SeenApp> apps) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        apps.forEach(app -> list.add(AppView.of(app, embeds)));
        return list;
    }

    private ObjectNode view(String path, List<SeenApp> apps) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", path);
        ArrayNode own = JsonNodeFactory.instance.arrayNode();
        SortedMap<String, List<SeenApp>> groups = new TreeMap<>();
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
        if (parts.contains(Part.APPS)) {
            view.set("apps", own);
        }
        if (parts.contains(Part.GROUPS)) {
            ArrayNode nested = view.putArray("groups");
            groups.forEach((group, its) -> nested.add(view(group, its)));
        }
        if (parts.contains(Part.PODS)) {
            view.putArray("pods");
        }
        view.putArray("dependencies");
        view.put(
                "version",
                apps.stream()
                        .map(seen -> seen.app().version())
                        .max(Comparator.naturalOrder())
                        .orElse(Instant.EPOCH)
                        .toString());
        return view;
    }
}
