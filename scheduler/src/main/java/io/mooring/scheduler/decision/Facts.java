package io.mooring.scheduler.decision;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What a notice is about, key by key. Kept in the order of the keys, so that a decision made twice reads the same. */
final class Facts {
    private final Map<String, String> facts = new TreeMap<>();

    static Facts of(String key, Object value) {
        return new Facts().and(key, value);
    }

    Facts and(String key, Object value) {
        facts.put(key, value.toString());
        return this;
    }

    Map<String, String> asMap() {
        return Collections.unmodifiableMap(facts);
    }
}
