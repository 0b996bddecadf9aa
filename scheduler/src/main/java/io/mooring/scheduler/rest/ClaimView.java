package io.mooring.scheduler.rest;

import io.mooring.common.volume.MountMode;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.decision.ClaimProspect;
import io.mooring.scheduler.decision.Decider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Claims in the shape of {@code /v1}: every key always there, null where nothing is known. */
final class ClaimView {
    private ClaimView() {}

    static Map<String, Object> of(Claim claim, Decider decider) {
        ClaimProspect prospect = decider.prospect(claim);
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

    /** The claim that nobody else stands beside, or the first of many writers; null if there is none. */
    static Map<String, Object> writer(List<Claim> claims, Decider decider) {
        return claims.stream()
                .filter(claim -> claim.mode() == MountMode.READ_WRITE)
                .findFirst()
                .or(() -> claims.stream().filter(claim -> !claim.shared()).findFirst())
                .map(claim -> of(claim, decider))
                .orElse(null);
    }

    /** Those that stand beside it. */
    static List<Map<String, Object>> readers(List<Claim> claims, Decider decider) {
        return claims.stream()
                .filter(Claim::shared)
                .map(claim -> of(claim, decider))
                .toList();
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
        view.put(
                "framework",
                claim.framework().map(framework -> framework.value()).orElse(null));
        view.put("task", claim.task().value());
        view.put("agent", claim.agent().value());
        view.put("machine", claim.machine().value());
        view.put("bootId", claim.boot().map(boot -> boot.value()).orElse(null));
        view.put("since", claim.since().toString());
        view.put("stuck", claim.trouble().orElse(null));
        view.put("evidence", claim.evidence().stream().map(ClaimView::evidence).toList());
        return view;
    }

    private static Map<String, Object> next(ClaimProspect.Next step) {
        Map<String, Object> next = new LinkedHashMap<>();
        next.put("what", step.what());
        next.put("at", step.at().map(Instant::toString).orElse(null));
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
