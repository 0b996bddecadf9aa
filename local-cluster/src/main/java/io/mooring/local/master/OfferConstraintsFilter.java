package io.mooring.local.master;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints;

/**
 * Offer constraints of a framework: any of a role's groups must hold, each with all of its constraints. Regular
 * expressions are RE2's, compiled once, and match the whole text. An attribute that is no text passes every predicate
 * about text.
 */
final class OfferConstraintsFilter {
    static final OfferConstraintsFilter NONE = new OfferConstraintsFilter(OfferConstraints.getDefaultInstance());

    private final OfferConstraints constraints;
    private final Map<String, List<List<Predicate<AgentInfo>>>> byRole = new HashMap<>();

    /** The constraints have to be without error. */
    OfferConstraintsFilter(OfferConstraints constraints) {
        this.constraints = constraints;
        constraints.getRoleConstraintsMap().forEach((role, groups) -> {
            List<List<Predicate<AgentInfo>>> any = new ArrayList<>();
            groups.getGroupsList()
                    .forEach(group -> any.add(group.getAttributeConstraintsList().stream()
                            .map(OfferConstraintsFilter::compiled)
                            .toList()));
            byRole.put(role, any);
        });
    }

    /** As the framework gave them. */
    OfferConstraints given() {
        return constraints;
    }

    boolean allows(String role, AgentInfo agent) {
        List<List<Predicate<AgentInfo>>> any = byRole.get(role);
        return any == null
                || any.stream().anyMatch(group -> group.stream().allMatch(constraint -> constraint.test(agent)));
    }

    /** What is wrong with constraints, in Mesos' words. */
    static Optional<String> error(OfferConstraints constraints) {
        for (var entry : constraints.getRoleConstraintsMap().entrySet()) {
            String role = entry.getKey();
            if (entry.getValue().getGroupsCount() == 0) {
                return Optional.of("'OfferConstraints::role_constraints' contains an empty "
                        + "'OfferConstraints::RoleConstraints' for role " + role);
            }
            for (var group : entry.getValue().getGroupsList()) {
                if (group.getAttributeConstraintsCount() == 0) {
                    return Optional.of("'OfferConstraints::RoleConstraints::groups' for role " + role
                            + "contains an empty RoleConstraints::Group");
                }
                for (AttributeConstraint constraint : group.getAttributeConstraintsList()) {
                    Optional<String> error = error(constraint);
                    if (error.isPresent()) {
                        return error.map(text -> "A role " + role + " has an invalid 'AttributeConstraint': " + text);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> error(AttributeConstraint constraint) {
        AttributeConstraint.Selector selector = constraint.getSelector();
        if (selector.getSelectorCase() == AttributeConstraint.Selector.SelectorCase.SELECTOR_NOT_SET) {
            return Optional.of("Exactly one of 'AttributeConstraint::Selector::name' or"
                    + " 'AttributeConstraint::Selector::pseudoattribute_type' must be set");
        }
        if (selector.hasPseudoattributeType()
                && selector.getPseudoattributeType() == AttributeConstraint.Selector.PseudoattributeType.UNKNOWN) {
            return Optional.of("Unknown pseudoattribute type");
        }
        AttributeConstraint.Predicate predicate = constraint.getPredicate();
        return switch (predicate.getPredicateCase()) {
            case TEXT_MATCHES -> error(predicate.getTextMatches().getRegex());
            case TEXT_NOT_MATCHES -> error(predicate.getTextNotMatches().getRegex());
            case EXISTS, NOT_EXISTS, TEXT_EQUALS, TEXT_NOT_EQUALS -> Optional.empty();
            case PREDICATE_NOT_SET -> Optional.of("Unknown predicate type");
        };
    }

    private static Optional<String> error(String regex) {
        try {
            Pattern.compile(regex);
            return Optional.empty();
        } catch (PatternSyntaxException e) {
            String fault = e.getDescription().equals("missing closing )") ? "missing )" : e.getDescription();
            return Optional.of("Failed to construct regex from pattern '" + regex + "': " + fault + ": " + regex);
        }
    }

    private static Predicate<AgentInfo> compiled(AttributeConstraint constraint) {
        AttributeConstraint.Predicate predicate = constraint.getPredicate();
        Predicate<Subject> test =
                switch (predicate.getPredicateCase()) {
                    case EXISTS -> Subject::exists;
                    case NOT_EXISTS -> subject -> !subject.exists();
                    case TEXT_EQUALS -> positive(predicate.getTextEquals().getValue()::equals);
                    case TEXT_NOT_EQUALS ->
                        negative(predicate.getTextNotEquals().getValue()::equals);
                    case TEXT_MATCHES -> {
                        Pattern pattern =
                                Pattern.compile(predicate.getTextMatches().getRegex());
                        yield positive(pattern::matches);
                    }
                    case TEXT_NOT_MATCHES -> {
                        Pattern pattern =
                                Pattern.compile(predicate.getTextNotMatches().getRegex());
                        yield negative(pattern::matches);
                    }
                    case PREDICATE_NOT_SET -> subject -> true;
                };
        AttributeConstraint.Selector selector = constraint.getSelector();
        return agent -> test.test(subject(selector, agent));
    }

    private static Predicate<Subject> positive(Predicate<String> of) {
        return subject -> subject.exists() && subject.text().map(of::test).orElse(true);
    }

    private static Predicate<Subject> negative(Predicate<String> of) {
        return subject -> subject.text().map(text -> !of.test(text)).orElse(true);
    }

    /** What is selected; text is absent for an attribute that is no text. */
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
        String text =
                switch (type) {
                    case HOSTNAME -> agent.getHostname();
                    case REGION ->
                        agent.getDomain().getFaultDomain().getRegion().getName();
                    case ZONE -> agent.getDomain().getFaultDomain().getZone().getName();
                    case UNKNOWN -> "";
                };
        return new Subject(!text.isEmpty(), text.isEmpty() ? Optional.empty() : Optional.of(text));
    }
}
