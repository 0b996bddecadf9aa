package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.definition.App;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Groups in Marathon's shape. A group is the path that its apps have in common; there is none without apps, but the root. */
final class GroupView {
    private final ClusterState state;
    private final Set<Embed> embeds;
    private final Instant now;

    GroupView(ClusterState state, Set<Embed> embeds, Instant now) {
        this.state = state;
        this.embeds = embeds;
        this.now = now;
    }

    /** The group with all that is below it; empty if there is nothing. */
    Optional<ObjectNode> of(String path) {
        List<App> apps = below(path, state);
        return apps.isEmpty() && !path.equals("/") ? Optional.empty() : Optional.of(view(path, apps));
    }

    /** The apps in the group and in those below it. */
    static List<App> below(String group, ClusterState state) {
        String prefix = group.equals("/") ? "/" : group + "/";
        return state.apps().stream()
                .filter(app -> app.id().path().startsWith(prefix))
                .toList();
    }

    private ObjectNode view(String path, List<App> apps) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", path);
        ArrayNode own = view.putArray("apps");
        SortedMap<String, List<App>> groups = new TreeMap<>();
        int start = path.equals("/") ? 1 : path.length() + 1;
        for (App app : apps) {
            int slash = app.id().path().indexOf('/', start);
            if (slash < 0) {
                own.add(AppView.of(app, state, embeds, now));
            } else {
                groups.computeIfAbsent(app.id().path().substring(0, slash), group -> new ArrayList<>())
                        .add(app);
            }
        }
        ArrayNode nested = view.putArray("groups");
        groups.forEach((group, its) -> nested.add(view(group, its)));
        view.putArray("pods");
        view.putArray("dependencies");
        view.put(
                "version",
                apps.stream()
                        .map(App::version)
                        .max(Comparator.naturalOrder())
                        .orElse(Instant.EPOCH)
                        .toString());
        return view;
    }
}
