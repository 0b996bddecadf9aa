package io.mooring.executor.engine;

import io.mooring.common.ids.ClaimId;

/** What the lanes tell the engine. */
interface LaneReports {
    void ready(ClaimId claim);

    void failed(ClaimId claim, String reason);

    void released(ClaimId claim);
}
