package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.engine.Event.ErrandDone;
import io.mooring.executor.engine.Status.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A clean-up under way: which of its claims are still owed a record. */
final class CleanUpOrder {
    private final CleanUp order;
    private final Map<ClaimId, ReleasedVolume> records = new LinkedHashMap<>();
    private final Map<VolumeName, Optional<String>> fenced = new LinkedHashMap<>();

    CleanUpOrder(CleanUp order) {
        this.order = order;
    }

    void record(ReleasedVolume released) {
        records.put(released.claim(), released);
    }

    /** Ends the attempts to let this machine have a volume again; with what stands in the way, if anything does. */
    void unfenced(VolumeName volume, Optional<String> trouble) {
        fenced.put(volume, trouble);
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
        if (!fenced.keySet().containsAll(order.fenced())) {
            return Optional.empty();
        }
        List<VolumeName> unfenced = order.fenced().stream()
                .filter(volume -> fenced.get(volume).isEmpty())
                .toList();
        ReleaseRecord report = new ReleaseRecord(machine.key(), machine.boot(), all, unfenced);
        Optional<String> missing = Stream.concat(
                        all.stream().filter(volume -> !volume.complete()).flatMap(volume -> volume.remark().stream()),
                        fenced.values().stream().flatMap(Optional::stream))
                .findFirst();
        String what = all.size() + " claims" + (unfenced.isEmpty() ? "" : " and " + unfenced.size() + " cuts");
        return Optional.of(
                missing.isEmpty()
                        ? new ErrandDone(State.FINISHED, "cleaned up " + what, report)
                        : new ErrandDone(State.FAILED, "not all could be cleaned up: " + missing.get(), report));
    }
}
