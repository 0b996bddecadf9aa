package io.mooring.scheduler.claim;

/** What the claim machine answers to an event. */
public sealed interface Transition {
    /** The claim goes on in this form. */
    record Move(Claim to) implements Transition {}

    /** The claim ends; the evidence goes into the history. */
    record Release(Claim last, Evidence evidence) implements Transition {}

    /** The event says nothing new in this state: a repetition, or a late arrival. */
    record Stay() implements Transition {}

    /** The event must not have an effect in this state. */
    record Refuse(String why) implements Transition {}
}
