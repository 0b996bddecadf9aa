package io.mooring.scheduler.cluster;

import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.VolumeSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The names that apps have taken: paths, the groups above them, volumes. A new app is held against these, not against all apps. */
final class TakenNames {
    private final Set<String> paths = new HashSet<>();
    private final Map<String, Integer> below = new HashMap<>();
    private final Map<String, SortedMap<AppId, App>> byVolume = new HashMap<>();
    /** Those with a volume for each instance: which names they mean, only their template tells. */
    private final SortedMap<AppId, App> numbered = new TreeMap<>();

    /** @param before null for none */
    void replace(App before, App now) {
        remove(before);
        paths.add(now.id().path());
        groups(now.id(), group -> below.merge(group, 1, Integer::sum));
        for (VolumeSpec spec : now.definition().volumes()) {
            if (spec.template().isPresent()) {
                numbered.put(now.id(), now);
            } else {
                byVolume.computeIfAbsent(spec.request().name().key(), volume -> new TreeMap<>())
                        .put(now.id(), now);
            }
        }
    }

    /** @param app null for none */
    void remove(App app) {
        if (app == null) {
            return;
        }
        paths.remove(app.id().path());
        groups(app.id(), group -> below.computeIfPresent(group, (path, apps) -> apps == 1 ? null : apps - 1));
        numbered.remove(app.id());
        for (VolumeSpec spec : app.definition().volumes()) {
            String key = spec.request().name().key();
            SortedMap<AppId, App> apps = byVolume.getOrDefault(key, new TreeMap<>());
            apps.remove(app.id());
            if (apps.isEmpty()) {
                byVolume.remove(key);
            }
        }
    }

    /** Whether there are apps below the path, or one above it. */
    boolean nested(AppId id) {
        List<String> above = new ArrayList<>();
        groups(id, above::add);
        return below.containsKey(id.path()) || above.stream().anyMatch(paths::contains);
    }

    /** The apps of which some instance has the volume, by id. */
    List<App> naming(VolumeName volume) {
        SortedMap<AppId, App> found = new TreeMap<>(byVolume.getOrDefault(volume.key(), new TreeMap<>()));
        numbered.values().stream()
                .filter(app -> app.definition().volumes().stream().anyMatch(spec -> spec.names(volume)))
                .forEach(app -> found.put(app.id(), app));
        return List.copyOf(found.values());
    }

    private static void groups(AppId id, Consumer<String> each) {
        String path = id.path();
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            each.accept(path.substring(0, slash));
        }
    }
}
