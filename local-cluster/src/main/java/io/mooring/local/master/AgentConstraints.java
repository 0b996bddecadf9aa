package io.mooring.local.master;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints;

/** Offer constraints of a framework: any of a role's groups must hold, each with all of its constraints. */
final class AgentConstraints {
    private AgentConstraints() {}

    static boolean allow(FrameworkEntry framework, String role, AgentInfo agent) {
        OfferConstraints.RoleConstraints constraints =
                framework.constraints.getRoleConstraintsMap().get(role);
        return constraints == null
                || constraints.getGroupsList().stream().anyMatch(group -> group.getAttributeConstraintsList().stream()
                        .allMatch(constraint -> holds(constraint, agent)));
    }

    private static boolean holds(AttributeConstraint constraint, AgentInfo agent) {
        Subject subject = subject(constraint.getSelector(), agent);
        AttributeConstraint.Predicate predicate = constraint.getPredicate();
        return switch (predicate.getPredicateCase()) {
            case EXISTS -> subject.exists();
            case NOT_EXISTS -> !subject.exists();
            case TEXT_EQUALS ->
                !subject.exists()
                        ? false
                        : subject.text()
                                .map(predicate.getTextEquals().getValue()::equals)
                                .orElse(true);
            case TEXT_NOT_EQUALS ->
                subject.text()
                        .map(text -> !text.equals(predicate.getTextNotEquals().getValue()))
                        .orElse(true);
            case TEXT_MATCHES ->
                !subject.exists()
                        ? false
                        : subject.text()
                                .map(text -> Pattern.matches(
                                        predicate.getTextMatches().getRegex(), text))
                                .orElse(true);
            case TEXT_NOT_MATCHES ->
                subject.text()
                        .map(text ->
                                !Pattern.matches(predicate.getTextNotMatches().getRegex(), text))
                        .orElse(true);
            case PREDICATE_NOT_SET -> true;
        };
    }

    /** What is selected; text is absent for an attribute that is no text: those pass every text predicate. */
    private record Subject(boolean exists, Optional<String> text) {}

    private static Subject subject(AttributeConstraint.Selector selector, AgentInfo agent) {
        return switch (selector.getSelectorCase()) {
            case ATTRIBUTE_NAME -> attribute(selector.getAttributeName(), agent.getAttributesList());
            case PSEUDOATTRIBUTE_TYPE -> pseudo(selector.getPseudoattributeType(), agent);
            case SELECTOR_NOT_SET -> new Subject(false, Optional.empty());
        };
    }

    private static Subject attribute(String name, List<Attribute> attributes) {
        return attributes.stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .map(found -> new Subject(
                        true,
                        found.getType() == Value.Type.TEXT
                                ? Optional.of(found.getText().getValue())
                                : Optional.empty()))
                .orElse(new Subject(false, Optional.empty()));
    }

    private static Subject pseudo(AttributeConstraint.Selector.PseudoattributeType type, AgentInfo agent) {
        return switch (type) {
            case HOSTNAME -> new Subject(true, Optional.of(agent.getHostname()));
            case REGION, ZONE, UNKNOWN -> new Subject(false, Optional.empty());
        };
    }
}
