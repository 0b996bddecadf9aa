package io.mooring.scheduler.decision;

import io.mooring.common.ids.MachineKey;
import io.mooring.scheduler.cluster.AppRuntime;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.placement.Candidate;
import io.mooring.scheduler.placement.Candidates;
import io.mooring.scheduler.placement.Placer;
import io.mooring.scheduler.placement.Placer.Place;
import io.mooring.scheduler.placement.Spread;
import io.mooring.scheduler.placement.TaskRequest;
import io.mooring.scheduler.placement.Veto;
import io.mooring.scheduler.placement.Vetoes;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which of the missing instances go where, and why the others go nowhere. A round is bounded, whatever waits: in launches,
 * which have to fit one transaction, and in fruitless searches, for which the engine must not stand still.
 */
final class Placements {
    /** One round's launches fit into one transaction; the rest wait for the offers that come back at once. */
    private static final int LAUNCHES_A_ROUND = 50;

    /** Candidates looked at in vain in one round; at about a microsecond each. Who was not looked at comes first in the next. */
    private static final long LOOKS_A_ROUND = 200_000;

    private final ClusterState state;
    private final Policy policy;
    private final AppDecisions apps;
    private final LaunchDecisions launches;
    private final StorageGate gate;
    private final Placer placer;
    private final Map<AppId, Vetoes> vetoes = new HashMap<>();

    Placements(ClusterState state, Policy policy, AppDecisions apps, LaunchDecisions launches, StorageGate gate) {
        this.state = state;
        this.policy = policy;
        this.apps = apps;
        this.launches = launches;
        this.gate = gate;
        this.placer = new Placer(volume -> volume.sizeGb().orElse(policy.defaultVolumeGb()));
    }

    /** What is left of a round. */
    private static final class Round {
        private int launches = LAUNCHES_A_ROUND;
        private long looks = LOOKS_A_ROUND;

        boolean over() {
            return launches <= 0 || looks <= 0;
        }
    }

    /** Places what can be placed, those that wait longest first. */
    void place(Candidates candidates, Map<Candidate, List<Launch>> launched, Decision decision) {
        Round round = new Round();
        round.launches -= launched.values().stream().mapToInt(List::size).sum();
        for (App app : waiting(candidates.size())) {
            if (round.over()) {
                return;
            }
            place(app, candidates, launched, round, decision);
        }
    }

    private void place(
            App app, Candidates candidates, Map<Candidate, List<Launch>> launched, Round round, Decision decision) {
        Vetoes found = new Vetoes(decision.now());
        vetoes.put(app.id(), found);
        boolean placed = false;
        for (int instance : apps.missingInstances(app, decision.now())) {
            if (round.over()) {
                break;
            }
            List<Veto> blocked = blocks(app, instance, decision.now());
            if (!blocked.isEmpty()) {
                blocked.forEach(veto -> found.add(veto, Optional.empty()));
                if (app.numbered()) {
                    continue; // another instance has other volumes
                }
                break;
            }
            Optional<Place> place = placer.place(request(app, instance), candidates, found);
            if (place.isEmpty()) {
                round.looks -= candidates.size();
                break;
            }
            round.launches--;
            placed = true;
            launched.get(place.get().candidate()).add(launches.launch(app, instance, place.get(), decision));
        }
        if (placed) {
            apps.converge(app.id(), decision);
        }
        if (!apps.missing().containsKey(app.id())) {
            vetoes.remove(app.id());
        }
    }

    /** Those that wait longest first; when a round cannot look at all of them, those that were looked at longest ago. */
    private List<App> waiting(int candidates) {
        Comparator<App> longest = Comparator.comparing(
                app -> state.runtime(app.id()).waitingSince().orElse(Instant.MAX));
        boolean all = (long) apps.missing().size() * candidates <= LOOKS_A_ROUND;
        return apps.missing().keySet().stream()
                .map(state::app)
                .flatMap(Optional::stream)
                .sorted(all ? longest : Comparator.comparing(this::lookedAt).thenComparing(longest))
                .toList();
    }

    private Instant lookedAt(App app) {
        return Optional.ofNullable(vetoes.get(app.id())).map(Vetoes::at).orElse(Instant.EPOCH);
    }

    /** Whether any instance that is missing is held up by nothing but the want of an offer. */
    boolean anyPlaceable(Instant now) {
        return apps.missing().keySet().stream()
                .map(state::app)
                .flatMap(Optional::stream)
                .anyMatch(app -> apps.missingInstances(app, now).stream()
                        .anyMatch(instance -> blocks(app, instance, now).isEmpty()));
    }

    Explanation explain(AppId id, Instant now) {
        int missing = apps.missing().getOrDefault(id, 0);
        Optional<App> app = state.app(id);
        if (missing == 0 || app.isEmpty()) {
            return new Explanation(0, Optional.empty(), Optional.empty(), List.of());
        }
        Vetoes found = vetoes.getOrDefault(id, new Vetoes(Instant.EPOCH));
        // What holds everywhere is told as it stands now, not as it stood when the last offer came.
        Vetoes current = new Vetoes(found.at());
        for (int instance : new TreeSet<>(apps.missingInstances(app.get(), now))) {
            blocks(app.get(), instance, now).forEach(veto -> current.add(veto, Optional.empty()));
        }
        List<Vetoes.Counted> all = new ArrayList<>(current.all());
        found.all().stream()
                .filter(counted -> counted.kind().scope() == Veto.Scope.AGENT)
                .forEach(all::add);
        all.sort(Comparator.comparing(Vetoes.Counted::kind));
        boolean noRound = found.at().equals(Instant.EPOCH);
        if (noRound && all.isEmpty()) {
            all.add(new Vetoes.Counted(
                    Veto.Kind.NO_OFFERS, 1, "no agent has made an offer since the app waits", Optional.empty()));
        }
        return new Explanation(
                missing, state.runtime(id).waitingSince(), noRound ? Optional.empty() : Optional.of(found.at()), all);
    }

    private TaskRequest request(App app, int instance) {
        return new TaskRequest(
                app.id(),
                app.definition(),
                app.definition().resources().plus(policy.executor()),
                volumes(app, instance),
                pinned(app, instance),
                spread(app));
    }

    private Spread spread(App app) {
        if (app.definition().constraints().isEmpty()) {
            return Spread.NONE;
        }
        List<Task> siblings = state.tasksOf(app.id()).stream()
                .filter(task -> task.state() != TaskState.ENDED && !AppDecisions.givenUp(task, state))
                .toList();
        return Spread.of(app.definition().constraints(), siblings, state::agent);
    }

    List<Volume> volumes(App app, int instance) {
        return app.volumes(instance).stream()
                .map(spec -> state.volume(spec.request().name()).orElseThrow())
                .toList();
    }

    Map<String, MachineKey> pinned(App app, int instance) {
        Map<String, MachineKey> pinned = new TreeMap<>();
        for (VolumeSpec spec : app.volumes(instance)) {
            gate.onlyMachine(spec, app.id())
                    .ifPresent(machine -> pinned.put(spec.request().name().key(), machine));
        }
        return pinned;
    }

    /** What stands in the way of the app wherever it would go. */
    List<Veto> blocks(App app, int instance, Instant now) {
        List<Veto> blocks = new ArrayList<>();
        for (VolumeSpec spec : app.volumes(instance)) {
            gate.check(spec, app.id(), now).ifPresent(blocks::add);
        }
        AppRuntime runtime = state.runtime(app.id());
        if (runtime.notBefore().isPresent() && now.isBefore(runtime.notBefore().get())) {
            blocks.add(new Veto(
                    Veto.Kind.BACKOFF,
                    "waits until " + runtime.notBefore().get() + " after " + runtime.failures() + " failure(s) in a row"
                            + runtime.lastFailure()
                                    .map(failure -> "; the last: " + failure.state() + " " + failure.message())
                                    .orElse("")));
        }
        return blocks;
    }
}
