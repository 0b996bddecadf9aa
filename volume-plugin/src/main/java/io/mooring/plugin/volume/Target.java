package io.mooring.plugin.volume;

/**
 * What exactly a host attaches or lets go of. Fixed when the record of the attachment is written: whoever is cut off
 * later can only ever reach the content that he was given.
 *
 * @param volume the volume
 * @param generation which of its contents
 * @param access for what
 * @param check whether the content has to be checked first
 */
public record Target(VolumeRecord volume, long generation, Access access, Standing.Check check) {
    /** What is attached under this ownership. */
    public static Target of(VolumeRecord volume, Ownership ownership) {
        Access access = ownership instanceof Ownership.Shared ? Access.READ_ONLY : Access.READ_WRITE;
        return new Target(
                volume,
                ownership.standing().generation(),
                access,
                ownership.standing().check());
    }

    /** A former content of it, which a host had that was cut off. */
    public static Target former(VolumeRecord volume, long generation) {
        return new Target(volume, generation, Access.READ_WRITE, Standing.Check.NONE);
    }

    /** The same for another access. */
    public Target to(Access other) {
        return new Target(volume, generation, other, check);
    }

    /** The same with the volume as it is recorded now. */
    public Target as(VolumeRecord now) {
        return new Target(now, generation, access, check);
    }
}
