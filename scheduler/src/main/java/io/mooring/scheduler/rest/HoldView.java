package io.mooring.scheduler.rest;

import io.mooring.scheduler.cluster.Hold;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The brake or safe mode in the shape of {@code /v1}. */
final class HoldView {
    private HoldView() {}

    /** Null while it is off. */
    static Map<String, Object> of(Optional<Hold> on) {
        return on.map(HoldView::of).orElse(null);
    }

    static Map<String, Object> of(Hold hold) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("engaged", hold.on());
        view.put("since", hold.since().toString());
        view.put("by", hold.by());
        view.put("reason", hold.reason());
        return view;
    }
}
