package io.mooring.scheduler.rest;

import java.util.List;
import java.util.Map;

/** A list in the shape of {@code /v1}. */
final class Items {
    private Items() {}

    static Map<String, Object> of(List<?> items) {
        return Map.of("items", items);
    }
}
