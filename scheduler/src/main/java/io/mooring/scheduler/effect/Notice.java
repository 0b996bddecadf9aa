package io.mooring.scheduler.effect;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that happened, for people and programs that listen.
 *
 * @param type a word such as {@code claim_activated}
 * @param facts what it is about: volume, task, app, fence, ...
 */
public record Notice(String type, Instant at, Map<String, String> facts) {
    public Notice {
        facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    }
}
