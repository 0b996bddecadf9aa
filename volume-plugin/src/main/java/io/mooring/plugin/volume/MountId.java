package io.mooring.plugin.volume;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The caller's name for one use of a volume: the same in Mount and in the Unmount that ends it. Docker sends 64
 * hexadecimal digits, engines before 1.12 nothing, the executor {@code mooring:<claimId>:<fence>}, with {@code :ro}
 * after it for a claim that only reads. A name of any other form belongs to a Docker caller.
 */
public record MountId(String value) implements Comparable<MountId> {
    private static final int MAX_LENGTH = 256;
    private static final Pattern CLAIM = Pattern.compile("mooring:([!-~]{1,64}):([1-9][0-9]{0,17})(:ro)?");
    private static final Pattern ENGINE = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");

    public MountId {
        if (value.length() > MAX_LENGTH || !PRINTABLE.matcher(value).matches()) {
            throw new IllegalArgumentException("mount ID '" + Printable.of(value) + "' is not allowed: up to "
                    + MAX_LENGTH + " printable ASCII characters");
        }
    }

    /** On whose behalf this use is. */
    public Holder holder() {
        Matcher claim = CLAIM.matcher(value);
        return claim.matches()
                ? new Holder.Claim(claim.group(1), Long.parseLong(claim.group(2)))
                : new Holder.DockerCaller();
    }

    /** Whether it has the form that Docker Engines since 1.12 give to a container's use. */
    public boolean ofEngine() {
        return ENGINE.matcher(value).matches();
    }

    /** What it is for. */
    public Access access() {
        Matcher claim = CLAIM.matcher(value);
        return claim.matches() && claim.group(3) != null ? Access.READ_ONLY : Access.READ_WRITE;
    }

    @Override
    public int compareTo(MountId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
