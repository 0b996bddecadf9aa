package io.mooring.executor.mount;

/** How far an executor got with one claim, as its journal says. Each is on disk before what follows it is done. */
public enum VolumeStep {
    /** The claim is known; nothing was touched, and nothing may be without a GO. */
    INTENT,
    /** The scheduler activated the claim; nothing was touched yet. */
    GO,
    /** The plugin may have been asked to attach and mount. */
    ATTACHING,
    /** The mount was seen in the kernel's table. */
    MOUNTED,
    /** The workload is gone, and the volume stays mounted for a successor on this machine and boot. */
    HANDOVER,
    /** The plugin answered the Unmount. */
    UNMOUNTED,
    /** Nothing of the volume was left on this machine. */
    DETACHED,
    /** The claim was given up before anything was touched; a later GO for it is ignored for ever. */
    ABANDONED;

    /** Whether an executor that died at this step may have left an attachment or a mount. */
    public boolean mayBeAttached() {
        return switch (this) {
            case ATTACHING, MOUNTED, HANDOVER, UNMOUNTED -> true;
            case INTENT, GO, DETACHED, ABANDONED -> false;
        };
    }
}
