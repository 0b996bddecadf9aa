package io.mooring.scheduler.decision;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Notice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What one batch of events comes to: records to commit, and effects for when they are durable. Records change the state
 * at once, so that the next event of the batch is decided on top of them.
 */
public final class Decision {
    private final ClusterState state;
    private final Instant now;
    private final List<StoreRecord> records = new ArrayList<>();
    private final List<Effect> effects = new ArrayList<>();

    public Decision(ClusterState state, Instant now) {
        this.state = state;
        this.now = now;
    }

    /** The time that this batch is decided at. */
    public Instant now() {
        return now;
    }

    public void record(StoreRecord change) {
        state.apply(change);
        records.add(change);
    }

    public void effect(Effect effect) {
        effects.add(effect);
    }

    void publish(String type, Facts facts) {
        effects.add(new Effect.Publish(new Notice(type, now, facts.asMap())));
    }

    /** Roughly how many KiB of a transaction the records take: an app stands in it as written and as read. */
    public int weight() {
        int weight = records.size();
        for (StoreRecord change : records) {
            if (change instanceof StoreRecord.PutApp put) {
                weight += 3 * put.app().source().length() / 1024;
            } else if (change instanceof StoreRecord.KeepVersion keep) {
                weight += keep.version().source().length() / 1024;
            }
        }
        return weight;
    }

    public List<StoreRecord> records() {
        return Collections.unmodifiableList(records);
    }

    public List<Effect> effects() {
        return Collections.unmodifiableList(effects);
    }
}
