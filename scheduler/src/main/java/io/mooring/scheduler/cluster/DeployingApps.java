package io.mooring.scheduler.cluster;

import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which apps are part of which change on its way. */
final class DeployingApps {
    private final SortedMap<String, SortedMap<AppId, App>> byDeployment = new TreeMap<>();

    void replace(App before, App now) {
        remove(before);
        now.deployment().ifPresent(part -> byDeployment
                .computeIfAbsent(part.id(), id -> new TreeMap<>())
                .put(now.id(), now));
    }

    /** @param app null for none */
    void remove(App app) {
        if (app == null || app.deployment().isEmpty()) {
            return;
        }
        String id = app.deployment().get().id();
        SortedMap<AppId, App> apps = byDeployment.get(id);
        if (apps != null) {
            apps.remove(app.id());
            if (apps.isEmpty()) {
                byDeployment.remove(id);
            }
        }
    }

    Collection<App> of(String deployment) {
        SortedMap<AppId, App> found = byDeployment.get(deployment);
        return found == null ? List.of() : Collections.unmodifiableCollection(found.values());
    }

    int count() {
        return byDeployment.size();
    }

    List<String> ids() {
        return List.copyOf(byDeployment.keySet());
    }
}
