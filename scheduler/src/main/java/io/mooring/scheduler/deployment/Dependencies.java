package io.mooring.scheduler.deployment;

import io.mooring.scheduler.definition.AppId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * In which order apps come up: each after those that it depends on. An app's level is the length of the longest chain of
 * dependencies below it, as in Marathon.
 */
public final class Dependencies {
    /** A chain that is longer is taken for a circle. */
    private static final int LONGEST = 200;

    private static final int UNDER_WAY = 0;

    private final Function<AppId, List<String>> declared;
    private final Function<String, Collection<AppId>> meant;
    private final Map<AppId, Integer> levels = new HashMap<>();
    private boolean circular;

    /**
     * @param declared the paths that an app depends on
     * @param meant the apps that a path means: an app, or all of a group
     */
    public Dependencies(Function<AppId, List<String>> declared, Function<String, Collection<AppId>> meant) {
        this.declared = declared;
        this.meant = meant;
    }

    /** From 1, for apps that depend on nothing. */
    public int level(AppId app) {
        return level(app, 1);
    }

    /** Whether what was asked so far led back to itself somewhere. */
    public boolean circular() {
        return circular;
    }

    private int level(AppId app, int depth) {
        Integer known = levels.get(app);
        if (known != null) {
            circular |= known == UNDER_WAY;
            return known;
        }
        if (depth > LONGEST) {
            circular = true;
            return depth;
        }
        levels.put(app, UNDER_WAY);
        int below = 0;
        for (String path : declared.apply(app)) {
            for (AppId other : meant.apply(path)) {
                boolean itsOwnGroup = other.equals(app) && !path.equals(app.path());
                below = itsOwnGroup ? below : Math.max(below, level(other, depth + 1));
            }
        }
        levels.put(app, below + 1);
        return below + 1;
    }
}
