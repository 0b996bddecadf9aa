package io.mooring.simulation.store;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.engine.Store;
import io.mooring.simulation.check.CommitCheck;
import io.mooring.simulation.check.Findings;
import io.mooring.simulation.check.Invariant;
import io.mooring.simulation.check.Surroundings;
import io.mooring.simulation.fault.Fault;
import io.mooring.simulation.fault.Faults;
import io.mooring.simulation.time.Agenda;
import io.mooring.simulation.time.Dice;
import io.mooring.simulation.time.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * ZooKeeper as a scheduler's store sees it: transactions whole or not at all, versions, the epoch, sessions that expire
 * in the ensemble's time and not in their owner's, requests and answers that get lost.
 */
public final class Ensemble {
    private static final long SESSION_TIMEOUT = 10_000;

    private final Agenda agenda;
    private final Dice dice;
    private final Faults faults;
    private final Findings findings;
    private final Trace trace;
    private final CommitCheck check;
    private final EpochCheck epochCheck;
    private final RollbackGuard rollbackGuard;
    private final List<Entry> log = new ArrayList<>();
    private ClusterState durable = new ClusterState();
    private Map<String, Integer> versions = new HashMap<>();
    private final List<Session> sessions = new ArrayList<>();
    private long epoch;
    /** The highest one there ever was, as every scheduler's file knows it. */
    private long highestEpoch;

    /** How many writes there were, as every scheduler's file knows it. */
    private int writes;

    private int restores;
    private long downUntil;

    /** One change, when it was made and by whom. */
    private record Entry(StoreRecord change, long at, long epoch) {}

    /** Whether a transaction begins with the check of the epoch. Without it is how it must not be. */
    public enum EpochCheck {
        ON,
        OFF
    }

    /** Whether schedulers keep the highest epoch that they have seen on a disk of their own. */
    public enum RollbackGuard {
        ON,
        OFF
    }

    public Ensemble(Surroundings around, CommitCheck check, EpochCheck epochCheck, RollbackGuard rollbackGuard) {
        this.rollbackGuard = rollbackGuard;
        this.agenda = around.agenda();
        this.dice = around.dice();
        this.faults = around.faults();
        this.findings = around.findings();
        this.trace = around.trace();
        this.check = check;
        this.epochCheck = epochCheck;
    }

    /** What is durable; only to be read. */
    public ClusterState durable() {
        return durable;
    }

    /** A candidate's session. The oldest one leads. */
    public final class Session {
        private final String owner;
        private final Runnable elected;
        private final Runnable lost;
        private boolean alive = true;
        private boolean told;

        private Session(String owner, Runnable elected, Runnable lost) {
            this.owner = owner;
            this.elected = elected;
            this.lost = lost;
        }

        /** Its owner said goodbye, or died: the ensemble knows at once, or when the session's time is over. */
        public void end(long after) {
            agenda.in(after, () -> expire(this));
        }

        public boolean alive() {
            return alive;
        }
    }

    public Session join(String owner, Runnable elected, Runnable lost) {
        Session session = new Session(owner, elected, lost);
        sessions.add(session);
        agenda.in(dice.millis(5, 50), this::elect);
        return session;
    }

    /** How long after its owner's last sign of life a session ends. */
    public long sessionTimeout() {
        return SESSION_TIMEOUT;
    }

    public void expire(Session session) {
        if (session.alive) {
            session.alive = false;
            sessions.remove(session);
            trace.note("zookeeper", "session expired", session.owner);
            // Its owner learns it when it is connected again.
            agenda.in(dice.millis(0, 5_000), session.lost);
            elect();
        }
    }

    private void elect() {
        if (agenda.now() < downUntil) {
            agenda.in(downUntil - agenda.now() + 1, this::elect);
        } else if (!sessions.isEmpty() && !sessions.get(0).told) {
            Session first = sessions.get(0);
            first.told = true;
            agenda.in(dice.millis(1, 20), first.elected);
        }
    }

    /** No quorum for a while: nothing is answered, no session ends. */
    public void down(long millis) {
        downUntil = Math.max(downUntil, agenda.now() + millis);
        trace.note("zookeeper", "no quorum");
    }

    /**
     * An older copy takes the ensemble's place: whatever was written since is lost, the epochs included. Nobody's session
     * outlives it. The copy knows the framework: without it there would be nothing to come back to.
     */
    public void restore(long back, long away) {
        long first = log.stream()
                .filter(entry -> entry.change() instanceof StoreRecord.PutFramework)
                .mapToLong(Entry::at)
                .findFirst()
                .orElse(agenda.now());
        long until = Math.max(first, agenda.now() - back);
        trace.note("zookeeper", "restored from a copy", Long.toString(back));
        restores++;
        log.removeIf(entry -> entry.at() > until);
        durable = new ClusterState();
        versions = new HashMap<>();
        epoch = 0;
        Map<String, Integer> nobodys = new HashMap<>();
        for (Entry entry : log) {
            durable.apply(entry.change());
            remember(entry.change(), nobodys);
            epoch = entry.epoch();
        }
        check.storeWentBack();
        down(away);
        List.copyOf(sessions).forEach(this::expire);
    }

    /** How many copies have taken its place so far. */
    public int restores() {
        return restores;
    }

    /**
     * A leadership: what it found, and the store that writes under it.
     *
     * @param copy how many copies had taken the ensemble's place when it began
     * @param safeMode why nothing may be granted
     */
    public record Term(
            long epoch, int copy, ClusterState state, Store store, Optional<String> safeMode, Standing standing) {}

    /** When a leadership was last known to stand, as only the model can know. */
    public static final class Standing {
        private long checkedAt = -1;
        private boolean lost;

        /** When its last transaction was applied. */
        public long checkedAt() {
            return checkedAt;
        }

        /** Whether it was told that it is over. */
        public boolean lost() {
            return lost;
        }
    }

    /** Begins a term: raises the epoch, then loads, as the leader's own steps with time between them. */
    public void begin(Session session, Consumer<Term> begun) {
        agenda.in(delay(), () -> {
            if (!session.alive) {
                return;
            }
            Optional<String> safeMode = Optional.of("write " + log.size() + " is the last, " + writes + " were seen")
                    .filter(why -> rollbackGuard == RollbackGuard.ON && log.size() < writes);
            writes = log.size();
            epoch = (rollbackGuard == RollbackGuard.ON ? Math.max(epoch, highestEpoch) : epoch) + 1;
            highestEpoch = Math.max(epoch, highestEpoch);
            long mine = epoch;
            int copy = restores;
            trace.note("zookeeper", "epoch", session.owner + " " + mine);
            safeMode.ifPresent(why -> write(
                    new StoreRecord.PutHold(new Hold(Hold.Kind.SAFE_MODE, true, agenda.instant(), "store", why))));
            agenda.in(delay(), () -> {
                if (copy != restores) {
                    return;
                }
                ClusterState loaded = new ClusterState();
                log.forEach(entry -> loaded.apply(entry.change()));
                Standing standing = new Standing();
                Map<String, Integer> known = new HashMap<>(versions);
                begun.accept(new Term(
                        mine,
                        copy,
                        loaded,
                        (records, outcome) -> commit(new Writer(mine, copy, standing, known), records, outcome),
                        safeMode,
                        standing));
            });
        });
    }

    /**
     * Who writes: a term in a session of its own.
     *
     * @param copy how many copies had taken the ensemble's place when its session began
     * @param known the versions that it has seen
     */
    private record Writer(long epoch, int copy, Standing standing, Map<String, Integer> known) {}

    private void commit(Writer writer, List<StoreRecord> records, Consumer<Store.Outcome> outcome) {
        List<StoreRecord> batch = List.copyOf(records);
        Consumer<Store.Outcome> answer = result -> {
            writer.standing().lost |= result instanceof Store.Outcome.Lost;
            outcome.accept(result);
        };
        if (faults.strikes(Fault.STORE_REQUEST_LOST)) {
            agenda.in(dice.millis(2_000, SESSION_TIMEOUT), () -> answer.accept(lost("connection loss, not applied")));
            return;
        }
        agenda.in(delay(), () -> apply(writer, batch, answer));
    }

    private void apply(Writer writer, List<StoreRecord> batch, Consumer<Store.Outcome> answer) {
        String objection = objection(writer, batch);
        if (!objection.isEmpty()) {
            trace.note("zookeeper", "refused", objection);
            agenda.in(delay(), () -> answer.accept(lost(objection)));
            return;
        }
        if (writer.epoch() != epoch) {
            findings.broken(Invariant.I6, "a leader of epoch " + writer.epoch() + " wrote under epoch " + epoch);
        }
        for (StoreRecord change : batch) {
            check.before(change, durable);
            write(change);
            remember(change, writer.known());
            if (trace.keepsWords()) {
                trace.note("zookeeper", "committed", change.toString());
            }
        }
        check.after(batch, durable);
        writer.standing().checkedAt = agenda.now();
        trace.note("zookeeper", "commit", Integer.toString(batch.size()));
        boolean answerLost = faults.strikes(Fault.STORE_ANSWER_LOST);
        if (answerLost && dice.chance(0.5)) {
            // Nobody could find out in time whether it was applied.
            agenda.in(dice.millis(2_000, SESSION_TIMEOUT), () -> answer.accept(lost("connection loss, applied")));
        } else {
            // Found out later by a barrier write and a second look.
            long later = answerLost ? dice.millis(2_000, SESSION_TIMEOUT) : delay();
            agenda.in(later, () -> answer.accept(new Store.Outcome.Committed()));
        }
    }

    private void write(StoreRecord change) {
        durable.apply(change);
        log.add(new Entry(change, agenda.now(), epoch));
        writes = Math.max(writes, log.size());
    }

    private String objection(Writer writer, List<StoreRecord> batch) {
        if (writer.copy() != restores) {
            return "its session is not known to the ensemble any more";
        }
        // That its session has expired does not stop a client: it gets another one and goes on.
        if (epochCheck == EpochCheck.ON && writer.epoch() != epoch) {
            return "BadVersion of the epoch";
        }
        Map<String, Boolean> seen = new HashMap<>();
        for (StoreRecord change : batch) {
            for (String path : paths(change)) {
                if (seen.putIfAbsent(path, true) == null) {
                    Integer expected = writer.known().get(path);
                    Integer found = versions.get(path);
                    if (expected == null ? found != null : !expected.equals(found)) {
                        return "BadVersion of " + path;
                    }
                }
            }
        }
        return "";
    }

    /** The znodes that a change is about, as far as their versions matter. */
    private static List<String> paths(StoreRecord change) {
        if (change instanceof StoreRecord.PutTask put) {
            return List.of("task/" + put.task().id());
        } else if (change instanceof StoreRecord.RemoveTask remove) {
            return List.of("task/" + remove.id());
        } else if (change instanceof StoreRecord.PutVolume put) {
            return List.of("volume/" + put.volume().name().key());
        } else if (change instanceof StoreRecord.RemoveVolume remove) {
            return List.of("volume/" + remove.name().key());
        } else if (change instanceof StoreRecord.GrantClaim grant) {
            return List.of("claim/" + grant.claim().volume().key());
        } else if (change instanceof StoreRecord.PutClaim put) {
            return List.of("claim/" + put.claim().volume().key());
        } else if (change instanceof StoreRecord.ReleaseClaim release) {
            return List.of("claim/" + release.released().claim().volume().key());
        }
        return List.of();
    }

    private void remember(StoreRecord change, Map<String, Integer> known) {
        boolean removed = change instanceof StoreRecord.RemoveTask
                || change instanceof StoreRecord.RemoveVolume
                || change instanceof StoreRecord.ReleaseClaim;
        for (String path : paths(change)) {
            if (removed) {
                versions.remove(path);
                known.remove(path);
            } else {
                // A znode that is made again begins at 0 again, as in ZooKeeper.
                int version = versions.merge(path, 1, Integer::sum);
                known.put(path, version);
            }
        }
    }

    private static Store.Outcome lost(String why) {
        return new Store.Outcome.Lost(why);
    }

    private long delay() {
        long usual = dice.millis(1, 10);
        long waits = Math.max(0, downUntil - agenda.now());
        return waits + (faults.strikes(Fault.STORE_SLOW) ? dice.millis(100, 5_000) : usual);
    }
}
