package io.mooring.scheduler.decision;

import io.mooring.common.command.ExecutorReport.AttachmentSeen;
import io.mooring.common.command.ExecutorReport.AttachmentView;
import io.mooring.common.command.ExecutorReport.VolumeObserved;
import io.mooring.common.command.ExecutorReport.VolumesObserved;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimEvent;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.claim.EvidenceLadder;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.volume.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks at the backends, through any agent that has the plugin: often for the volumes of holders that nobody reaches,
 * because an attachment that is seen to be gone twice is evidence (T13, E2); now and then for all volumes, to compare
 * claims, tasks and attachments.
 */
final class ObservationDecisions {
    private static final int AT_ONCE = 200;

    private final ClusterState state;
    private final Policy policy;
    private final ClaimDecisions claims;
    private final Comparison comparison;
    private final Demand demand;
    private final Map<ClaimId, Instant> clearSince = new HashMap<>();
    private final SortedMap<DriverName, Instant> lastLook = new TreeMap<>();
    private final SortedMap<DriverName, SortedSet<VolumeName>> toCompare = new TreeMap<>();

    ObservationDecisions(
            ClusterState state, Policy policy, ClaimDecisions claims, Comparison comparison, Demand demand) {
        this.state = state;
        this.policy = policy;
        this.claims = claims;
        this.comparison = comparison;
        this.demand = demand;
    }

    /** All volumes are to be looked at once. */
    void compareAll(Decision decision) {
        // A round that is not over goes on, or the last names would never be reached.
        boolean over = toCompare.values().stream().allMatch(Set::isEmpty);
        for (Volume volume : over ? state.volumes() : List.<Volume>of()) {
            if (volume.exists()) {
                toCompare
                        .computeIfAbsent(volume.driver(), driver -> new TreeSet<>())
                        .add(volume.name());
            }
        }
        comparison.begin(decision);
        demand.changed();
        decision.effect(new Effect.StartTimer(
                new Timer.CompareAll(), decision.now().plus(policy.takeover().compareEvery())));
    }

    /** The drivers that should be asked now. */
    Set<DriverName> due(Instant now) {
        Set<DriverName> due = new LinkedHashSet<>();
        toCompare.forEach((driver, names) -> {
            if (!names.isEmpty() && pluginKnown(driver)) {
                due.add(driver);
            }
        });
        for (DriverName driver : suspects().keySet()) {
            Instant last = lastLook.get(driver);
            if (last == null || !last.plus(policy.takeover().observeEvery()).isAfter(now)) {
                due.add(driver);
            }
        }
        return due;
    }

    /** What to ask of the driver now: suspects first, then what is to be compared. */
    List<VolumeName> take(DriverName driver, Decision decision) {
        lastLook.put(driver, decision.now());
        List<VolumeName> names = new ArrayList<>(suspects().getOrDefault(driver, List.of()));
        SortedSet<VolumeName> waiting = toCompare.getOrDefault(driver, new TreeSet<>());
        while (names.size() < AT_ONCE && !waiting.isEmpty()) {
            VolumeName next = waiting.first();
            waiting.remove(next);
            if (!names.contains(next)) {
                names.add(next);
            }
        }
        if (!suspects().isEmpty()) {
            decision.effect(new Effect.StartTimer(
                    new Timer.OperationDue("observe " + driver),
                    decision.now().plus(policy.takeover().observeEvery())));
        }
        return names.subList(0, Math.min(names.size(), AT_ONCE));
    }

    /** When a suspect's volume is looked at next. */
    Optional<Instant> nextLook(DriverName driver) {
        return Optional.ofNullable(lastLook.get(driver))
                .map(last -> last.plus(policy.takeover().observeEvery()));
    }

    /** The backend's answer, through this task. */
    void observed(Task task, VolumesObserved report, Decision decision) {
        for (VolumeObserved seen : report.volumes()) {
            state.claimsOn(seen.volume()).forEach(claim -> suspect(claim, seen, task, report, decision));
            comparison.observed(seen, task, decision);
        }
    }

    /** E2: clear at two looks that lie apart far enough, both begun after contact was lost. */
    private void suspect(Claim claim, VolumeObserved seen, Task task, VolumesObserved report, Decision decision) {
        if (!eligible(claim) || task.stagedAt().isBefore(claim.since()) || !clear(claim, seen.attachment())) {
            clearSince.remove(claim.id());
            return;
        }
        clearSince.computeIfPresent(claim.id(), (id, at) -> at.isBefore(claim.since()) ? null : at);
        Instant first = clearSince.putIfAbsent(claim.id(), decision.now());
        if (first == null || first.plus(policy.takeover().settle()).isAfter(task.stagedAt())) {
            return;
        }
        clearSince.remove(claim.id());
        Evidence evidence = ClaimDecisions.evidence(
                Evidence.Code.E2,
                "plugin " + report.driver() + " on machine " + report.machine(),
                "volume " + claim.volume() + " is not attached to machine " + claim.machine() + ", as seen at " + first
                        + " and at " + decision.now(),
                decision);
        claims.on(claim, new ClaimEvent.BackendClear(evidence), decision);
    }

    private static boolean clear(Claim claim, AttachmentView view) {
        if (view instanceof AttachmentView.NotTold) {
            return false;
        }
        List<AttachmentSeen> attachments =
                view instanceof AttachmentView.At at ? at.attachments() : List.<AttachmentSeen>of();
        return attachments.stream().noneMatch(seen -> seen.machine().equals(claim.machine()));
    }

    private SortedMap<DriverName, List<VolumeName>> suspects() {
        SortedMap<DriverName, List<VolumeName>> found = new TreeMap<>();
        for (ClaimState lost : List.of(ClaimState.SUSPECT, ClaimState.RELEASING)) {
            for (Claim claim : state.claimsIn(lost)) {
                if (eligible(claim)) {
                    DriverName driver =
                            state.volume(claim.volume()).orElseThrow().driver();
                    found.computeIfAbsent(driver, none -> new ArrayList<>()).add(claim.volume());
                }
            }
        }
        return found;
    }

    /** Whether the backend's answer could free the claim; one whose own machine can be asked is not guessed about. */
    private boolean eligible(Claim claim) {
        Optional<Volume> volume = state.volume(claim.volume());
        boolean lost = claim.state() == ClaimState.SUSPECT
                || (claim.state() == ClaimState.RELEASING && !claims.machineInContact(claim.machine()));
        return lost
                && claim.attached()
                && volume.isPresent()
                && EvidenceLadder.allowed(
                                policy.fenceClass(volume.get().driver(), state),
                                volume.get().takeover())
                        .contains(Evidence.Code.E2)
                && state.hold(Hold.Kind.BRAKE).isEmpty()
                && pluginKnown(volume.get().driver());
    }

    private boolean pluginKnown(DriverName driver) {
        return state.agents().stream().anyMatch(agent -> agent.plugin(driver)
                .filter(plugin -> plugin.healthy() && plugin.globalScope())
                .isPresent());
    }
}
