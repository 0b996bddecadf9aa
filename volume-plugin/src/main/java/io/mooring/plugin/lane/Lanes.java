package io.mooring.plugin.lane;

import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.volume.UnfinishedException;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One lane per volume: calls that change the same volume go one after the other, calls for different volumes never meet.
 * A call that was given up while a part of it sleeps in the kernel keeps its lane until that part is over.
 */
public final class Lanes {
    private static final int MAX_WAITING = 16;

    private final ConcurrentMap<String, Lane> lanes = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private final Duration patience;

    /** With how long a call waits for the ones before it. */
    public Lanes(InstantSource clock, Duration patience) {
        this.clock = clock;
        this.patience = patience;
    }

    /**
     * Runs a call in the lane of its volume.
     *
     * @throws VolumeException when the lane is not free in time, or what the call throws
     */
    public <T> T run(VolumeName name, String operation, Call<T> call) throws VolumeException, IOException {
        Operation entry = new Operation(operation, clock.instant());
        Lane lane = lanes.compute(name.key(), (key, present) -> (present == null ? new Lane() : present).enter(entry));
        CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);
        boolean free = false;
        try {
            free = lane.await(name, patience);
            return call.run();
        } catch (UnfinishedException e) {
            ended = e.ended();
            throw e;
        } finally {
            boolean release = free;
            CompletableFuture<Void> unused =
                    ended.whenComplete((nothing, failure) -> leave(name, lane, entry, release));
        }
    }

    /** Calls that work on the volume or wait to; none of them can take effect any more once it is empty. */
    public List<Operation> inFlight(VolumeName name) {
        Lane lane = lanes.get(name.key());
        return lane == null ? List.of() : List.copyOf(lane.operations);
    }

    private void leave(VolumeName name, Lane lane, Operation entry, boolean release) {
        if (release) {
            lane.free.release();
        }
        lanes.computeIfPresent(name.key(), (key, present) -> present.leave(entry) ? null : present);
    }

    /** A call that changes a volume. */
    public interface Call<T> {
        T run() throws VolumeException, IOException;
    }

    private static final class Lane {
        private final Semaphore free = new Semaphore(1, true);
        private final List<Operation> operations = new CopyOnWriteArrayList<>();

        /** Runs under the map's lock for the key, so that a lane that is empty and about to go is never entered. */
        private Lane enter(Operation entry) {
            operations.add(entry);
            return this;
        }

        private boolean leave(Operation entry) {
            operations.remove(entry);
            return operations.isEmpty();
        }

        private boolean await(VolumeName name, Duration patience) throws VolumeException {
            try {
                if (operations.size() <= MAX_WAITING && free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    return true;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new VolumeException("given up because the service stops", e);
            }
            Operation first = operations.get(0);
            throw new VolumeException("volume " + name + " is busy: " + first.name() + " since " + first.since()
                    + " has not ended; nothing was done, try again");
        }
    }
}
