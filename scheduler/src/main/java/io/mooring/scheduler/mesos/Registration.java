package io.mooring.scheduler.mesos;

import io.mooring.common.ids.FrameworkId;
import io.mooring.scheduler.effect.OfferWish;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints.RoleConstraints;

/** The calls by which the framework says what it is and which offers it can use: SUBSCRIBE and UPDATE_FRAMEWORK. */
final class Registration {
    private static final List<Capability.Type> NEEDED = List.of(
            Capability.Type.PARTITION_AWARE,
            Capability.Type.TASK_KILLING_STATE,
            Capability.Type.MULTI_ROLE,
            Capability.Type.RESERVATION_REFINEMENT);

    private final FrameworkSettings settings;

    Registration(FrameworkSettings settings) {
        this.settings = settings;
    }

    /** @param wish which agents' offers are of use; empty for all */
    Call subscribe(Optional<FrameworkId> id, List<OfferWish> wish) {
        Call.Subscribe.Builder body = Call.Subscribe.newBuilder().setFrameworkInfo(framework(id));
        constraints(wish).ifPresent(body::setOfferConstraints);
        Call.Builder call = Call.newBuilder().setType(Call.Type.SUBSCRIBE).setSubscribe(body);
        id.ifPresent(known -> call.setFrameworkId(frameworkId(known)));
        return call.build();
    }

    /** @param suppressed whether offers are suppressed now, which this call would end otherwise */
    Call update(FrameworkId id, List<OfferWish> wish, OfferFlow suppressed) {
        Call.UpdateFramework.Builder body =
                Call.UpdateFramework.newBuilder().setFrameworkInfo(framework(Optional.of(id)));
        constraints(wish).ifPresent(body::setOfferConstraints);
        if (suppressed == OfferFlow.SUPPRESSED) {
            body.addAllSuppressedRoles(settings.roles());
        }
        return Call.newBuilder()
                .setType(Call.Type.UPDATE_FRAMEWORK)
                .setFrameworkId(frameworkId(id))
                .setUpdateFramework(body)
                .build();
    }

    private FrameworkInfo framework(Optional<FrameworkId> id) {
        FrameworkInfo.Builder info = FrameworkInfo.newBuilder()
                .setName(settings.name())
                .setUser(settings.user())
                .addAllRoles(settings.roles())
                .setFailoverTimeout((double) settings.failoverTimeout().toSeconds())
                .setCheckpoint(settings.checkpointing() == FrameworkSettings.Checkpointing.ON)
                .setHostname(settings.hostname())
                .setWebuiUrl(settings.webUiUrl());
        id.ifPresent(known -> info.setId(frameworkId(known)));
        settings.principal().ifPresent(info::setPrincipal);
        NEEDED.forEach(type -> info.addCapabilities(Capability.newBuilder().setType(type)));
        settings.optional()
                .forEach(optional -> info.addCapabilities(
                        Capability.newBuilder().setType(Capability.Type.valueOf(optional.name()))));
        settings.labels().forEach((key, value) -> info.getLabelsBuilder()
                .addLabels(Protos.Label.newBuilder().setKey(key).setValue(value)));
        settings.leastOffer().forEach((role, least) -> info.putOfferFilters(role, filters(least)));
        return info.build();
    }

    private static Protos.OfferFilters filters(List<Map<String, Double>> least) {
        Protos.OfferFilters.Builder filters = Protos.OfferFilters.newBuilder();
        for (Map<String, Double> amounts : least) {
            Protos.OfferFilters.ResourceQuantities.Builder quantities =
                    Protos.OfferFilters.ResourceQuantities.newBuilder();
            amounts.forEach((name, amount) -> quantities.putQuantities(
                    name, Protos.Value.Scalar.newBuilder().setValue(amount).build()));
            filters.getMinAllocatableResourcesBuilder().addQuantities(quantities);
        }
        return filters.build();
    }

    /** For every role the same; Mesos refuses an empty set of groups, and takes none for "all agents". */
    private Optional<OfferConstraints> constraints(List<OfferWish> wish) {
        if (wish.isEmpty()) {
            return Optional.empty();
        }
        List<RoleConstraints.Group> groups = new ArrayList<>();
        wish.forEach(one -> groups.addAll(groups(one)));
        RoleConstraints constraints =
                RoleConstraints.newBuilder().addAllGroups(groups).build();
        OfferConstraints.Builder all = OfferConstraints.newBuilder();
        settings.roles().forEach(role -> all.putRoleConstraints(role, constraints));
        return Optional.of(all.build());
    }

    private static List<RoleConstraints.Group> groups(OfferWish wish) {
        return switch (wish.by()) {
            case MACHINE -> List.of(group(equal(named("machine"), wish)));
            // An agent's zone is its fault domain's, or else its attribute of that name.
            case ZONE ->
                List.of(
                        group(equal(pseudo(AttributeConstraint.Selector.PseudoattributeType.ZONE), wish)),
                        group(equal(named("zone"), wish)));
        };
    }

    private static RoleConstraints.Group group(AttributeConstraint constraint) {
        return RoleConstraints.Group.newBuilder()
                .addAttributeConstraints(constraint)
                .build();
    }

    private static AttributeConstraint equal(AttributeConstraint.Selector selector, OfferWish wish) {
        return AttributeConstraint.newBuilder()
                .setSelector(selector)
                .setPredicate(AttributeConstraint.Predicate.newBuilder()
                        .setTextEquals(AttributeConstraint.Predicate.TextEquals.newBuilder()
                                .setValue(wish.value())))
                .build();
    }

    private static AttributeConstraint.Selector pseudo(AttributeConstraint.Selector.PseudoattributeType type) {
        return AttributeConstraint.Selector.newBuilder()
                .setPseudoattributeType(type)
                .build();
    }

    private static AttributeConstraint.Selector named(String attribute) {
        return AttributeConstraint.Selector.newBuilder()
                .setAttributeName(attribute)
                .build();
    }

    private static Protos.FrameworkID frameworkId(FrameworkId id) {
        return Protos.FrameworkID.newBuilder().setValue(id.value()).build();
    }
}
