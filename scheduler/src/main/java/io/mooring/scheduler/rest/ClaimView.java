package io.mooring.scheduler.rest;

import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.decision.ClaimProspect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Claims in the shape of {@code /v1}: every key always there, null where nothing is known. */
final class ClaimView {
    private ClaimView() {}

    static Map<String, Object> of(Claim claim) {
        ClaimProspect prospect = ClaimProspect.of(claim);
        Map<String, Object> view = fields(claim);
        List<Map<String, Object>> waiting = new ArrayList<>();
        for (ClaimProspect.Awaited awaited : prospect.waitingFor()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("code", awaited.code().word());
            one.put("what", awaited.what());
            waiting.add(one);
        }
        view.put("waitingFor", waiting);
        view.put("next", prospect.next().map(ClaimView::next).orElse(null));
        return view;
    }

    static Map<String, Object> of(ReleasedClaim released) {
        Map<String, Object> view = fields(released.claim());
        view.put("state", "RELEASED");
        view.put("waitingFor", List.of());
        view.put("next", null);
        view.put("releasedAt", released.at().toString());
        view.put("releasedBy", evidence(released.freedBy()));
        return view;
    }

    private static Map<String, Object> fields(Claim claim) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", claim.id().value());
        view.put("volume", claim.volume().value());
        view.put("state", claim.state().name());
        view.put("mode", claim.mode().word());
        view.put("fence", claim.fence());
        view.put("epoch", claim.epoch());
        view.put("app", claim.app().map(app -> app.path()).orElse(null));
        view.put("task", claim.task().value());
        view.put("agent", claim.agent().value());
        view.put("machine", claim.machine().value());
        view.put("bootId", claim.boot().map(boot -> boot.value()).orElse(null));
        view.put("since", claim.since().toString());
        view.put("stuck", claim.trouble().orElse(null));
        view.put("evidence", claim.evidence().stream().map(ClaimView::evidence).toList());
        return view;
    }

    private static Map<String, Object> next(String what) {
        Map<String, Object> next = new LinkedHashMap<>();
        next.put("what", what);
        next.put("at", null);
        return next;
    }

    private static Map<String, Object> evidence(Evidence evidence) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("code", evidence.code().word());
        view.put("at", evidence.at().toString());
        view.put("by", evidence.by());
        view.put("what", evidence.what());
        return view;
    }
}
