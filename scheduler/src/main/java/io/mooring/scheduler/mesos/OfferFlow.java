package io.mooring.scheduler.mesos;

/** Whether Mesos may make offers. */
enum OfferFlow {
    OPEN,
    SUPPRESSED
}
