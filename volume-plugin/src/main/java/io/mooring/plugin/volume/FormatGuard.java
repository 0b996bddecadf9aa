package io.mooring.plugin.volume;

/**
 * Decides whether a device may be formatted. The rule: a device is formatted only when this pool made it, no file
 * system was ever finished on it, and it is blank or holds what an interrupted mkfs of ours left. Everything else is
 * mounted as it is, or refused; no option of a create call changes that. The one exception is a device whose content an
 * operator has given up, once, by name.
 */
public final class FormatGuard {
    private FormatGuard() {}

    /** What to do with the device. */
    public sealed interface Verdict {
        /** Make the file system that the volume asks for. */
        record Format() implements Verdict {}

        /** Mount what is there. */
        record Keep(FsType type) implements Verdict {}

        /** Give what is there an identity and an extent of its own, then mount it. */
        record Renew(FsType type) implements Verdict {}

        /** Let what is there have all of the device, then mount it. */
        record Fill(FsType type) implements Verdict {}

        /** Touch nothing. */
        record Refuse(String reason) implements Verdict {}
    }

    /** The verdict on a device in this phase, for which the volume asks {@code wanted}, and on which {@code probe} was found. */
    public static Verdict decide(FormatPhase phase, FsType wanted, Probe probe) {
        if (phase == FormatPhase.WIPED) {
            return new Verdict.Format();
        }
        if (probe instanceof Probe.Signature found) {
            return new Verdict.Refuse("it carries " + found.what() + ", and what is not blank is never formatted");
        }
        if (probe instanceof Probe.FileSystem found && phase == FormatPhase.COPIED) {
            return new Verdict.Renew(found.type());
        }
        if (probe instanceof Probe.FileSystem found && phase == FormatPhase.GROWN) {
            return new Verdict.Fill(found.type());
        }
        if (probe instanceof Probe.FileSystem found) {
            return phase == FormatPhase.BEGUN && found.type() == wanted
                    ? new Verdict.Format()
                    : new Verdict.Keep(found.type());
        }
        return switch (phase) {
            case NEVER ->
                probe instanceof Probe.Blank
                        ? new Verdict.Format()
                        : new Verdict.Refuse("it has never been formatted by this pool, yet it is not blank");
            case BEGUN, WIPED -> new Verdict.Format();
            case COPIED, GROWN, DONE ->
                new Verdict.Refuse("it has been formatted before, yet no file system is found on it: its data is"
                        + " damaged or gone, and only an operator may decide what to do");
        };
    }
}
