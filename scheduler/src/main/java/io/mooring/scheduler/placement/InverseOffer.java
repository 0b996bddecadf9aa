package io.mooring.scheduler.placement;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.OfferId;

/** Mesos asks whether the agent can do without us from some time on. */
public record InverseOffer(OfferId id, AgentId agent, Unavailability unavailability) {}
