package io.mooring.simulation.storage;

import io.mooring.common.ids.ClaimId;
import io.mooring.scheduler.volume.FenceClass;
import io.mooring.simulation.check.Findings;
import io.mooring.simulation.check.Invariant;
import io.mooring.simulation.time.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The storage system: which volumes there are, where each is attached, and who writes. It is also the oracle: it sees
 * every write that reaches a volume, and knows what no part of the product can know.
 */
public final class Backend {
    private static final String STRANGER = "stranger";

    private final Findings findings;
    private final Trace trace;
    private final Map<String, Stored> volumes = new TreeMap<>();
    private int cutAlive;

    public Backend(Findings findings, Trace trace) {
        this.findings = findings;
        this.trace = trace;
    }

    /** Where a volume is attached, as the storage system's own record says. */
    public record Attached(String machine, String boot, long fence) {}

    /** One volume. */
    public static final class Stored {
        private final String key;
        private final FenceClass fenceClass;
        private final List<Writer> writers = new ArrayList<>();
        private final Map<String, Long> fenced = new TreeMap<>();
        private boolean exists;
        private Optional<Attached> attached = Optional.empty();
        private long newestFence;

        private Stored(String key, FenceClass fenceClass) {
            this.key = key;
            this.fenceClass = fenceClass;
        }

        /** Whether the storage system refuses a second attachment. */
        boolean exclusive() {
            return fenceClass.cutsOff();
        }

        Optional<Attached> attached() {
            return attached;
        }

        boolean exists() {
            return exists;
        }

        long newestFence() {
            return newestFence;
        }

        /** Whether the machine was cut off, and what is asked under this number has to be refused there. */
        boolean fenced(String machine, long fence) {
            return fenced.getOrDefault(machine, 0L) >= fence;
        }
    }

    /**
     * One process with the volume open. Its write interval lasts from its start until it ends or is cut off: in between
     * it may write at any moment.
     */
    public static final class Writer {
        private final Stored volume;
        private final ClaimId claim;
        private final String words;
        private final String machine;
        private boolean open = true;

        private Writer(Stored volume, ClaimId claim, String who, String machine) {
            this.volume = volume;
            this.claim = claim;
            this.words = who + " on " + machine;
            this.machine = machine;
        }

        ClaimId claim() {
            return claim;
        }
    }

    // ---- somebody else, who uses the same storage system

    /** Somebody who has nothing to do with this cluster attaches a free volume and writes to it. */
    public Optional<Writer> takeAway(String key) {
        Stored volume = volume(key);
        if (!volume.exists || !volume.exclusive() || volume.attached.isPresent() || !volume.writers.isEmpty()) {
            return Optional.empty();
        }
        attach(volume, new Attached(STRANGER, "boot-1", 0));
        return Optional.of(open(key, new ClaimId(STRANGER), STRANGER, STRANGER));
    }

    /** They are done with it. */
    public void giveBack(Writer stranger) {
        close(stranger);
        if (strangerHas(stranger.volume.key)) {
            detach(stranger.volume);
        }
    }

    public boolean strangerHas(String key) {
        return volume(key).attached.filter(at -> at.machine().equals(STRANGER)).isPresent();
    }

    // ---- volumes

    /** A volume that the storage system could have. */
    public void declare(String key, FenceClass fenceClass) {
        volumes.put(key, new Stored(key, fenceClass));
    }

    public List<String> keys() {
        return List.copyOf(volumes.keySet());
    }

    Stored volume(String key) {
        Stored found = volumes.get(key);
        if (found == null) {
            throw new IllegalArgumentException("no volume " + key + " was declared");
        }
        return found;
    }

    void create(Stored volume) {
        volume.exists = true;
    }

    void remove(Stored volume) {
        if (!volume.writers.isEmpty()) {
            findings.broken(Invariant.I11, volume.key + " is removed while " + volume.writers.get(0).words + " writes");
        }
        volume.exists = false;
        volume.attached = Optional.empty();
    }

    void attach(Stored volume, Attached to) {
        volume.attached = Optional.of(to);
        volume.newestFence = Math.max(volume.newestFence, to.fence());
        volume.fenced.remove(to.machine());
        trace.note(volume.key, "attached", to.machine());
    }

    void detach(Stored volume) {
        volume.attached = Optional.empty();
        trace.note(volume.key, "detached");
    }

    /**
     * Takes the volume away from whichever machine has it. On a storage system that can, whoever writes there is cut
     * off; on others only a record changes.
     */
    public void forceDetach(String key) {
        Stored volume = volume(key);
        volume.attached = Optional.empty();
        trace.note(key, "force-detached");
        if (volume.exclusive()) {
            cutAlive += volume.writers.isEmpty() ? 0 : 1;
            volume.writers.forEach(writer -> writer.open = false);
            volume.writers.clear();
        }
    }

    /**
     * Cuts one machine off by order. Whoever writes there under the claim of the order was nobody's any more; whoever writes
     * there under another claim is hit for nothing.
     */
    void fence(Stored volume, String machine, ClaimId claim, long fence) {
        volume.fenced.merge(machine, fence, Math::max);
        volume.attached = volume.attached.filter(at -> !at.machine().equals(machine));
        trace.note(volume.key, "fenced", machine);
        for (Writer writer : List.copyOf(volume.writers)) {
            if (writer.machine.equals(machine)) {
                if (!writer.claim.equals(claim)) {
                    findings.broken(
                            Invariant.I8,
                            "the fence against claim " + claim + " on " + volume.key + " cuts off " + writer.words
                                    + ", which has claim " + writer.claim);
                }
                writer.open = false;
                volume.writers.remove(writer);
            }
        }
    }

    void unfence(Stored volume, String machine) {
        volume.fenced.remove(machine);
        trace.note(volume.key, "unfenced", machine);
    }

    /** How often a live writer lost its volume under its hands, with whatever it had not yet written. */
    public int cutAlive() {
        return cutAlive;
    }

    Writer open(String key, ClaimId claim, String who, String machine) {
        Stored volume = volume(key);
        Writer writer = new Writer(volume, claim, who, machine);
        boolean reached = !volume.exclusive()
                || volume.attached.filter(at -> at.machine().equals(machine)).isPresent();
        if (!reached) {
            // It was cut off between mount and start: its first write fails.
            writer.open = false;
            return writer;
        }
        for (Writer other : volume.writers) {
            if (!other.claim.equals(claim)) {
                findings.broken(
                        Invariant.I12, "volume " + key + " is written by " + writer.words + " and by " + other.words);
            }
        }
        volume.writers.add(writer);
        trace.note(key, "writer begins", writer.words);
        return writer;
    }

    void close(Writer writer) {
        if (writer.open) {
            writer.open = false;
            writer.volume.writers.remove(writer);
            trace.note(writer.volume.key, "writer ends", writer.words);
        }
    }

    /** Who writes under this claim at this moment; empty if nobody does. */
    public Optional<String> writes(String key, ClaimId claim) {
        return volume(key).writers.stream()
                .filter(writer -> writer.claim.equals(claim))
                .map(writer -> writer.words)
                .findFirst();
    }
}
