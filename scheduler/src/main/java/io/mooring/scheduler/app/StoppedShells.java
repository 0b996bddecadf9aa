package io.mooring.scheduler.app;

import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.crashpoint.CrashPoints;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.engine.Performer;
import io.mooring.scheduler.engine.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Store and Mesos as ever, which a test can stop before and after each step of a launch or a stop that is the
 * scheduler's own: the grant (S1), ACCEPT (S2), the activation (S7), GO (S8), the mount on record (S11), KILL (S12), the
 * release (S17) and its acknowledgement (S18); also the order to cut a holder off (T10). There is one only where tests ask
 * for it.
 */
final class StoppedShells implements Store, Performer {
    private final CrashPoints points;
    private final Store store;
    private final Performer mesos;
    private final Set<TaskId> released = ConcurrentHashMap.newKeySet();

    private record Step(String name, TaskId task) {}

    StoppedShells(CrashPoints points, Store store, Performer mesos) {
        this.points = points;
        this.store = store;
        this.mesos = mesos;
    }

    @Override
    public void commit(List<StoreRecord> records, Consumer<Outcome> outcome) {
        List<Step> steps = steps(records);
        before(steps);
        store.commit(records, result -> {
            after(steps);
            outcome.accept(result);
        });
    }

    @Override
    public void perform(Effect effect) {
        List<Step> steps = steps(effect);
        before(steps);
        mesos.perform(effect);
        after(steps);
    }

    private void before(List<Step> steps) {
        steps.forEach(step -> points.reach("before:" + step.name(), step.task().value()));
    }

    private void after(List<Step> steps) {
        steps.forEach(step -> points.reach("after:" + step.name(), step.task().value()));
    }

    private List<Step> steps(List<StoreRecord> records) {
        List<Step> steps = new ArrayList<>();
        for (StoreRecord record : records) {
            if (record instanceof StoreRecord.GrantClaim grant) {
                steps.add(new Step("S1", grant.claim().task()));
            } else if (record instanceof StoreRecord.PutClaim put) {
                switch (put.claim().state()) {
                    case ACTIVATED -> steps.add(new Step("S7", put.claim().task()));
                    case MOUNTED -> steps.add(new Step("S11", put.claim().task()));
                    case FENCING -> steps.add(new Step("T10", put.claim().task()));
                    case RESERVED, RELEASING, SUSPECT -> {}
                }
            } else if (record instanceof StoreRecord.ReleaseClaim release) {
                TaskId task = release.released().claim().task();
                released.add(task);
                steps.add(new Step("S17", task));
            }
        }
        return steps;
    }

    private List<Step> steps(Effect effect) {
        if (effect instanceof Effect.AcceptOffers accept) {
            return accept.launches().stream()
                    .map(launch -> new Step("S2", launch.task()))
                    .toList();
        }
        if (effect instanceof Effect.SendMessage send && send.message() instanceof SchedulerMessage.Go) {
            return List.of(new Step("S8", send.task()));
        }
        if (effect instanceof Effect.KillTask kill) {
            return List.of(new Step("S12", kill.task()));
        }
        if (effect instanceof Effect.Acknowledge acknowledge && released.contains(acknowledge.task())) {
            return List.of(new Step("S18", acknowledge.task()));
        }
        return List.of();
    }
}
