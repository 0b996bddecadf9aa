package io.mooring.scheduler.definition;

import java.time.Instant;

/**
 * A group that somebody asked for, and that stays when it has no apps. Other groups are there as long as an app's path leads
 * through them, and need no record.
 *
 * @param path absolute; never the root, which always is there
 * @param version when it was asked for last
 */
public record Group(String path, Instant version) {
    public Group {
        AppId.of(path); // has the form of an app's
    }
}
