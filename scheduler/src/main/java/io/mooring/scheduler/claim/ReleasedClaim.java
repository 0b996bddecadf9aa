package io.mooring.scheduler.claim;

import java.time.Instant;

/** A claim that ended, as the history keeps it: the claim in its last form, with what freed it as the last evidence. */
public record ReleasedClaim(Claim claim, Evidence freedBy, Instant at) {}
