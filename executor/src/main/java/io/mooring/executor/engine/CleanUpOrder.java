package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.ids.ClaimId;
import io.mooring.executor.engine.Event.ErrandDone;
import io.mooring.executor.engine.Status.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A clean-up under way: which of its claims are still owed a record. */
final class CleanUpOrder {
    private final CleanUp order;
    private final Map<ClaimId, ReleasedVolume> records = new LinkedHashMap<>();

    CleanUpOrder(CleanUp order) {
        this.order = order;
    }

    void record(ReleasedVolume released) {
        records.put(released.claim(), released);
    }

    boolean owes(ClaimId claim) {
        return order.volumes().stream().anyMatch(volume -> volume.claim().equals(claim)) && !records.containsKey(claim);
    }

    /** The terminal update, once every claim has its record. */
    Optional<ErrandDone> done(Machine machine) {
        List<ReleasedVolume> all = new ArrayList<>();
        for (ClaimedVolume volume : order.volumes()) {
            if (!records.containsKey(volume.claim())) {
                return Optional.empty();
            }
            all.add(records.get(volume.claim()));
        }
        ReleaseRecord report = new ReleaseRecord(machine.key(), machine.boot(), all);
        Optional<String> missing = all.stream()
                .filter(volume -> !volume.complete())
                .flatMap(volume -> volume.remark().stream())
                .findFirst();
        return Optional.of(
                missing.isEmpty()
                        ? new ErrandDone(State.FINISHED, "cleaned up " + all.size() + " claims", report)
                        : new ErrandDone(State.FAILED, "not all claims could be cleaned up: " + missing.get(), report));
    }
}
