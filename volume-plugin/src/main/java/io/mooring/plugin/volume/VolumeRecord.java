package io.mooring.plugin.volume;

import io.mooring.common.volume.VolumeName;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the pool knows of a volume apart from who has it.
 *
 * @param name as the creator wrote it
 * @param sizeBytes nominal size
 * @param fsType the file system it is given, later the one that is on it
 * @param phase how far formatting is
 * @param iops the IOPS asked for, 0 when none were
 * @param type the volume type asked for, or empty
 * @param zone the availability zone asked for, or empty
 * @param options the create options as they came, sorted by name
 * @param createdAt when it was created
 */
public record VolumeRecord(
        VolumeName name,
        long sizeBytes,
        FsType fsType,
        FormatPhase phase,
        int iops,
        String type,
        String zone,
        Map<String, String> options,
        Instant createdAt) {
    private static final long GB = 1L << 30;

    public VolumeRecord {
        if (sizeBytes <= 0) {
            throw new IllegalArgumentException("size of volume " + name + " is " + sizeBytes + ", must be above 0");
        }
        options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    /** A new volume with these options. */
    public static VolumeRecord of(VolumeName name, CreateOptions options, Instant now) {
        return new VolumeRecord(
                name,
                options.sizeGb() * GB,
                options.fsType(),
                FormatPhase.NEVER,
                options.iops(),
                options.type(),
                options.zone(),
                options.given(),
                now);
    }

    /** A copy of this, which has its file system and, if nothing else is said, its size. */
    public VolumeRecord copiedAs(VolumeName copy, CreateOptions options, Instant now) {
        return new VolumeRecord(
                copy,
                options.statesSize() ? options.sizeGb() * GB : sizeBytes,
                fsType,
                phase == FormatPhase.DONE || phase == FormatPhase.GROWN ? FormatPhase.COPIED : phase,
                options.iops(),
                options.type(),
                options.zone(),
                options.given(),
                now);
    }

    /** The same volume with a larger device, which its file system, if it has one, does not fill yet. */
    public VolumeRecord grown(long gb) {
        FormatPhase next = phase == FormatPhase.DONE ? FormatPhase.GROWN : phase;
        return new VolumeRecord(name, gb * GB, fsType, next, iops, type, zone, options, createdAt);
    }

    /** The same content under another name, at another time. */
    public VolumeRecord as(VolumeName other, Instant now) {
        return new VolumeRecord(other, sizeBytes, fsType, phase, iops, type, zone, options, now);
    }

    /** Size in GB, a started one counted whole. */
    public long sizeGb() {
        return (sizeBytes + GB - 1) / GB;
    }

    /** The same volume with formatting one step further. */
    public VolumeRecord formatted(FormatPhase reached, FsType found) {
        return new VolumeRecord(name, sizeBytes, found, reached, iops, type, zone, options, createdAt);
    }
}
