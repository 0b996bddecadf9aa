package io.mooring.simulation.executor;

import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.engine.JournalPort;
import io.mooring.executor.mount.HighWater;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.mount.MountFacts;
import io.mooring.executor.mount.VolumeStep;
import io.mooring.simulation.check.Surroundings;
import io.mooring.simulation.fault.Fault;
import io.mooring.simulation.fault.Faults;
import io.mooring.simulation.time.Agenda;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * A machine's journal. It outlives executors and boots; a lock ends with the process that holds it.
 */
public final class Disk {
    private final Agenda agenda;
    private final Faults faults;
    private final Locks locks;
    private final Map<ClaimId, Entry> entries = new TreeMap<>();
    private final Map<String, HighWater> marks = new TreeMap<>();
    private long epoch;

    /** Whether a reaper heeds the locks, or believes what a process id tells it in its own PID namespace: nothing. */
    public enum Locks {
        HEEDED,
        BY_PID
    }

    public Disk(Surroundings around, Locks locks) {
        this.agenda = around.agenda();
        this.faults = around.faults();
        this.locks = locks;
    }

    private static final class Entry {
        private JournalEntry content;
        private BooleanSupplier holder;
        private long written;

        private Entry(JournalEntry content, BooleanSupplier holder) {
            this.content = content;
            this.holder = holder;
        }

        private boolean held() {
            return holder.getAsBoolean();
        }
    }

    /**
     * The journal in the hands of one process.
     *
     * @param alive whether the process still is
     */
    JournalPort openedBy(BooleanSupplier alive) {
        return new Opened(alive);
    }

    private final class Opened implements JournalPort {
        private final BooleanSupplier alive;

        private Opened(BooleanSupplier alive) {
            this.alive = alive;
        }

        @Override
        public Held open(JournalEntry intent) throws IOException {
            full();
            ClaimId claim = intent.volume().claim();
            if (entries.containsKey(claim)) {
                throw new IOException("claim " + claim + " is in this machine's journal already");
            }
            Entry entry = new Entry(intent, alive);
            entries.put(claim, entry);
            return new Line(claim, entry);
        }

        @Override
        public Optional<Held> take(ClaimId claim) {
            Entry entry = entries.get(claim);
            boolean free = entry != null && (locks == Locks.BY_PID || !entry.held());
            if (!free) {
                return Optional.empty();
            }
            entry.holder = alive;
            return Optional.of(new Line(claim, entry));
        }

        @Override
        public List<ClaimId> open() {
            return List.copyOf(entries.keySet());
        }

        @Override
        public Optional<JournalEntry> look(ClaimId claim) {
            return Optional.ofNullable(entries.get(claim)).map(entry -> entry.content);
        }

        @Override
        public HighWater highWater(VolumeName volume) {
            return marks.getOrDefault(volume.key(), HighWater.NONE);
        }

        @Override
        public long highestEpoch() {
            return epoch;
        }

        @Override
        public void raiseEpoch(long seen) {
            epoch = Math.max(epoch, seen);
        }

        @Override
        public void raise(ClaimedVolume volume) throws IOException {
            full();
            if (highWater(volume.request().name()).fence() < volume.fence()) {
                marks.put(volume.request().name().key(), new HighWater(volume.fence(), Optional.of(volume.claim())));
            }
        }
    }

    private final class Line implements JournalPort.Held {
        private final ClaimId claim;
        private final Entry entry;

        private Line(ClaimId claim, Entry entry) {
            this.claim = claim;
            this.entry = entry;
        }

        @Override
        public JournalEntry entry() {
            return entry.content;
        }

        @Override
        public void append(VolumeStep step, Optional<MountFacts> facts) throws IOException {
            full();
            entry.content = entry.content.at(step, facts);
            entry.written = agenda.now();
        }

        @Override
        public void container(String name) throws IOException {
            full();
            entry.content = entry.content.in(name);
            entry.written = agenda.now();
        }

        @Override
        public void close() throws IOException {
            full();
            entries.remove(claim, entry);
            letGo();
        }

        @Override
        public Duration age() {
            return Duration.ofMillis(agenda.now() - entry.written);
        }

        @Override
        public void letGo() {
            entry.holder = () -> false;
        }
    }

    private void full() throws IOException {
        if (faults.strikes(Fault.JOURNAL_FULL)) {
            throw new IOException("no space left on device");
        }
    }
}
