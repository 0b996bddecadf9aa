package io.mooring.local.master;

import io.mooring.local.resource.Resources;
import org.apache.mesos.v1.Protos.Offer;

/** An outstanding offer: nobody else is offered what is in it until it is accepted, declined or rescinded. */
record OfferEntry(Offer offer, FrameworkEntry framework, AgentEntry agent, String role, Resources resources) {
    String id() {
        return offer.getId().getValue();
    }
}
