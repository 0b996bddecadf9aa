package io.mooring.local.master;

import io.mooring.local.resource.Resources;
import java.time.Instant;
import org.apache.mesos.v1.master.Protos.Response;

/** A framework in the messages of the operator API. */
final class FrameworkView {
    private FrameworkView() {}

    /** Without what it has: as events about it say. */
    static Response.GetFrameworks.Framework.Builder summary(FrameworkEntry framework) {
        Response.GetFrameworks.Framework.Builder view = Response.GetFrameworks.Framework.newBuilder()
                .setFrameworkInfo(framework.info)
                .setActive(framework.connected())
                .setConnected(framework.connected())
                .setRecovered(framework.recovered)
                .setRegisteredTime(Times.of(framework.registered));
        return framework.recovered ? view : view.setReregisteredTime(Times.of(framework.reregistered));
    }

    /** For events, in which the time of the end is zero until then. */
    static Response.GetFrameworks.Framework event(FrameworkEntry framework) {
        return summary(framework)
                .setUnregisteredTime(Times.of(framework.unregistered.orElse(Instant.EPOCH)))
                .build();
    }

    static Response.GetFrameworks.Framework full(FrameworkEntry framework, ClusterState state) {
        Response.GetFrameworks.Framework.Builder view =
                summary(framework).setOfferConstraints(framework.constraints.given());
        framework.unregistered.ifPresent(time -> view.setUnregisteredTime(Times.of(time)));
        state.offers.values().stream()
                .filter(offer -> offer.framework() == framework)
                .forEach(offer -> view.addOffers(offer.offer()));
        return view.addAllOfferedResources(
                        ResourceForms.forOperators(offered(framework, state).toList()))
                .addAllAllocatedResources(
                        ResourceForms.forOperators(allocated(framework, state).toList()))
                .build();
    }

    static Resources offered(FrameworkEntry framework, ClusterState state) {
        return state.offers.values().stream()
                .filter(offer -> offer.framework() == framework)
                .map(OfferEntry::resources)
                .reduce(Resources.none(), Resources::plus);
    }

    static Resources allocated(FrameworkEntry framework, ClusterState state) {
        return state.agents.values().stream()
                .map(agent -> agent.allocatedTo(framework))
                .reduce(Resources.none(), Resources::plus);
    }
}
