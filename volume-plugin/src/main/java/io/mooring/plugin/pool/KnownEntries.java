package io.mooring.plugin.pool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * All entries of a pool, read again only where {@link Changes} tells that a process, this or another, may have changed
 * them. Where the pool lies on a network file system, whose clients see each other's changes late, and for what somebody
 * changed by hand, nothing is believed for longer than two seconds.
 */
final class KnownEntries {
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(2);

    private final PoolLocks locks;
    private final VolumeFiles files;
    private final LongSupplier nanos;
    private Map<String, Known> known = Map.of();
    private List<Entry> entries = List.of();
    private long[] at = new long[0];
    private long readAt;

    private record Known(Optional<Entry> entry, long number) {}

    KnownEntries(PoolLocks locks, VolumeFiles files, LongSupplier nanos) {
        this.locks = locks;
        this.files = files;
        this.nanos = nanos;
    }

    /** All of them, by name. */
    synchronized List<Entry> all() throws IOException {
        long now = nanos.getAsLong();
        long[] numbers = locks.changes().numbers(); // before anything is read: a change meanwhile makes them differ
        boolean old = at.length == 0 || now - readAt >= LONGEST;
        if (old || !Arrays.equals(numbers, at) || !Arrays.stream(numbers).allMatch(Changes::settled)) {
            read(numbers, old ? Map.of() : known);
            readAt = old ? now : readAt;
        }
        return entries;
    }

    private void read(long[] numbers, Map<String, Known> before) throws IOException {
        Map<String, Known> present = new HashMap<>();
        List<Entry> found = new ArrayList<>();
        for (String key : files.keys()) {
            long number = numbers[locks.of(key)];
            Known last = before.get(key);
            Known next = last != null && last.number() == number && Changes.settled(number)
                    ? last
                    : new Known(files.entry(key), number);
            present.put(key, next);
            next.entry().ifPresent(found::add);
        }
        found.sort(Comparator.comparing(entry -> entry.volume().name()));
        known = present;
        entries = List.copyOf(found);
        at = numbers;
    }
}
