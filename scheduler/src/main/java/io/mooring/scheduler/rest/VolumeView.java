package io.mooring.scheduler.rest;

import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.volume.Volume;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Volumes in the shape of {@code /v1}. */
final class VolumeView {
    private VolumeView() {}

    static Map<String, Object> of(Volume volume, Decider decider, Instant now) {
        ClusterState state = decider.state();
        Policy policy = decider.policy();
        Map<String, Object> view = new LinkedHashMap<>();
        List<Claim> claims = state.claimsOn(volume.name());
        view.put("name", volume.name().value());
        view.put("driver", volume.driver().value());
        view.put("state", volume.state().name());
        view.put("accessMode", volume.access().word());
        view.put("sizeGb", volume.sizeGb().orElse(policy.defaultVolumeGb()));
        view.put("iops", number(volume.options().get("iops")));
        view.put("type", volume.options().get("volumetype"));
        view.put("fsType", volume.fsType().orElse(volume.options().get("newfstype")));
        view.put("zone", volume.zone().orElse(null));
        view.put("class", policy.fenceClass(volume.driver(), state).name());
        view.put("takeover", volume.takeover().word());
        view.put("reclaim", volume.reclaim().word());
        view.put("fence", volume.fence());
        view.put("needsFsck", volume.needsFsck());
        view.put("trouble", volume.trouble().orElse(null));
        view.put("waitsFor", decider.waitsFor(volume, now).orElse(null));
        view.put("claim", ClaimView.writer(claims, decider));
        return view;
    }

    private static Long number(String text) {
        return text == null ? null : Long.valueOf(text);
    }
}
