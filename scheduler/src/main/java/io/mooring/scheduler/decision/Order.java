package io.mooring.scheduler.decision;

import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.decision.DraftChecks.Neighbour;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.deployment.Dependencies;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The apps as they will be after a change, and the order in which their dependencies put them. */
final class Order {
    private final ClusterState state;
    private final SortedMap<AppId, Wanted> wanted = new TreeMap<>();
    private final List<AppId> named;
    private final Dependencies dependencies = new Dependencies(this::declared, this::meant);

    Order(ClusterState state, List<Wanted> wanted) {
        this.state = state;
        this.named = wanted.stream().map(Wanted::id).toList();
        wanted.forEach(each -> this.wanted.put(each.id(), each));
    }

    /** Whether the change names the app no more than once. */
    boolean once(AppId app) {
        return named.stream().filter(app::equals).count() == 1;
    }

    /** Whether one of the others will be above or below that one. */
    boolean nested(AppId app) {
        return state.nested(app)
                || wanted.values().stream()
                        .anyMatch(
                                each -> each instanceof Wanted.Put && (below(each.id(), app) || below(app, each.id())));
    }

    /** The apps beside that one that will have the volume. */
    List<Neighbour> sharing(AppId app, VolumeName volume) {
        List<Neighbour> others = new ArrayList<>();
        for (App known : state.appsNaming(volume)) {
            if (!known.id().equals(app) && !(wanted.get(known.id()) instanceof Wanted.Put)) {
                others.add(new Neighbour(known.id(), known.definition().volumes()));
            }
        }
        for (Wanted each : wanted.values()) {
            if (each instanceof Wanted.Put put && !put.id().equals(app)) {
                List<VolumeSpec> volumes = put.draft().definition().volumes();
                if (volumes.stream().anyMatch(spec -> spec.names(volume))) {
                    others.add(new Neighbour(put.id(), volumes));
                }
            }
        }
        return others;
    }

    private static boolean below(AppId app, AppId group) {
        return app.path().startsWith(group.path() + "/");
    }

    /** From 1, for apps that depend on nothing. */
    int level(AppId app) {
        return dependencies.level(app);
    }

    /** Whether the app's dependencies lead back to themselves. */
    boolean circular(AppId app) {
        Dependencies own = new Dependencies(this::declared, this::meant);
        own.level(app);
        return own.circular();
    }

    private List<String> declared(AppId app) {
        if (wanted.get(app) instanceof Wanted.Put put) {
            return put.draft().definition().upkeep().dependencies();
        }
        return state.app(app)
                .map(known -> known.definition().upkeep().dependencies())
                .orElse(List.of());
    }

    /** A path that is no app's and has none below it is waited for by nobody, as in Marathon. */
    private Collection<AppId> meant(String path) {
        List<AppId> meant = new ArrayList<>();
        for (AppId app : wanted.keySet()) {
            add(app, path, meant);
        }
        for (App app : state.apps()) {
            if (!wanted.containsKey(app.id())) {
                add(app.id(), path, meant);
            }
        }
        return meant;
    }

    private static void add(AppId app, String path, List<AppId> meant) {
        if (app.path().equals(path) || app.path().startsWith(path + "/")) {
            meant.add(app);
        }
    }
}
