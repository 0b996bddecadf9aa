package io.mooring.scheduler.definition;

/**
 * Scalar resources of one task.
 *
 * @param cpus in cores
 * @param memMb in MiB, as Mesos counts
 * @param diskMb in MiB
 */
public record Resources(double cpus, double memMb, double diskMb) {
    /** Nothing. */
    public static final Resources NONE = new Resources(0, 0, 0);

    public Resources {
        if (!(cpus >= 0) || !(memMb >= 0) || !(diskMb >= 0)) {
            throw new IllegalArgumentException(
                    "resources cannot be negative: cpus " + cpus + ", mem " + memMb + ", disk " + diskMb);
        }
    }

    public Resources plus(Resources other) {
        return new Resources(cpus + other.cpus, memMb + other.memMb, diskMb + other.diskMb);
    }
}
