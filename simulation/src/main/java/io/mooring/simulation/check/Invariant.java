package io.mooring.simulation.check;

/** What has to hold whatever happens. */
public enum Invariant {
    /** At most one claim of a writer on a volume. */
    I1,
    /** A volume's fence never goes down; each claim has a higher one than the claim before. */
    I2,
    /** No attach without a committed activation for that claim, fence, machine and boot. */
    I3,
    /** A claim that was activated ends by evidence only, and by evidence that is true. */
    I4,
    /** A task is launched with all its claims granted; its record stays while a claim names it. */
    I5,
    /** No write, and no word to an executor, of a leader that is deposed. */
    I6,
    /** An update is acknowledged only when its effect is durable. */
    I7,
    /** Fencing is irreversible, and hits the machine that the claim names. */
    I8,
    /** A machine never has more claims than attach slots. */
    I9,
    /** A workload runs on volumes that are mounted for it, and is gone before they are unmounted. */
    I10,
    /** Nothing is removed or formatted that somebody holds. */
    I11,
    /** Write intervals of one volume never overlap. */
    I12,
    /** When faults are over every app runs again, and every volume is free or says what it waits for. */
    LIVENESS,
    /** No safe mode where the store never went back in time: it stops every launch until a person comes. */
    ALARM,
    /** Nothing throws. */
    SOUND
}
