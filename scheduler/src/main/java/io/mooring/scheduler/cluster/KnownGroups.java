package io.mooring.scheduler.cluster;

import io.mooring.scheduler.definition.Group;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The groups that were asked for, by path. */
final class KnownGroups {
    private final SortedMap<String, Group> byPath = new TreeMap<>();

    void put(Group group) {
        byPath.put(group.path(), group);
    }

    void remove(String path) {
        byPath.remove(path);
    }

    Collection<Group> all() {
        return Collections.unmodifiableCollection(byPath.values());
    }

    /** Whether a group has that path, or one that begins with it. */
    boolean at(String path) {
        SortedMap<String, Group> below = byPath.tailMap(path + "/");
        return byPath.containsKey(path) || (!below.isEmpty() && below.firstKey().startsWith(path + "/"));
    }
}
