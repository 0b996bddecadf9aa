package io.mooring.local.master;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints;

/** What a FrameworkInfo may say; a refusal goes out as ERROR event, in Mesos' words. */
final class FrameworkValidation {
    /** A duration of Mesos counts nanoseconds in 64 bits. */
    private static final double MAX_SECONDS = Long.MAX_VALUE / 1e9;

    private FrameworkValidation() {}

    static Optional<String> error(FrameworkInfo info, List<String> suppressed, OfferConstraints constraints) {
        return roles(info)
                .or(() -> Identifiers.error(info.getId().getValue()).filter(text -> info.hasId()))
                .or(() -> failoverTimeout(info))
                .or(() -> suppressed(info, suppressed))
                .or(() -> constraints(constraints));
    }

    @SuppressWarnings("deprecation") // the old form of a role has to be read
    private static Optional<String> roles(FrameworkInfo info) {
        boolean multiRole = info.getCapabilitiesList().stream()
                .anyMatch(each -> each.getType() == FrameworkInfo.Capability.Type.MULTI_ROLE);
        if (multiRole && info.hasRole()) {
            return Optional.of("'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable");
        }
        if (!multiRole && info.getRolesCount() > 0) {
            return Optional.of("'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable");
        }
        Set<String> seen = new HashSet<>();
        Set<String> twice = new TreeSet<>();
        info.getRolesList().stream().filter(role -> !seen.add(role)).forEach(twice::add);
        if (!twice.isEmpty()) {
            return Optional.of("'FrameworkInfo.roles' contains duplicate items: { " + String.join(", ", twice) + " }");
        }
        for (String role : info.getRolesList()) {
            Optional<String> error = role(role);
            if (error.isPresent()) {
                return error.map(text -> "'FrameworkInfo.roles' contains invalid role: " + text);
            }
        }
        return role(info.getRole()).map(text -> "'FrameworkInfo.role' is not a valid role: " + text);
    }

    private static Optional<String> role(String role) {
        if (role.equals("*")) {
            return Optional.empty();
        }
        if (role.isEmpty()) {
            return Optional.of("Empty role name is invalid");
        }
        if (role.startsWith("/") || role.endsWith("/")) {
            return Optional.of("Role '" + role + "' cannot start or end with a slash");
        }
        for (String component : role.split("/", -1)) {
            Optional<String> error = component(role, component);
            if (error.isPresent()) {
                return error;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> component(String role, String component) {
        if (component.equals(".") || component.equals("..") || component.equals("*")) {
            return Optional.of("Role '" + role + "' cannot include '" + component + "' as a component");
        }
        if (component.isEmpty()) {
            return Optional.of("Role '" + role + "' cannot contain two adjacent slashes");
        }
        if (component.startsWith("-")) {
            return Optional.of("Role component '" + component + "' is invalid because it begins with a dash");
        }
        boolean blank = component.chars().anyMatch(c -> Character.isWhitespace(c) || c == '\b' || c == 0x7f);
        return blank
                ? Optional.of(
                        "Role component '" + component + "' is invalid because it contains backspace or whitespace")
                : Optional.empty();
    }

    private static Optional<String> failoverTimeout(FrameworkInfo info) {
        double seconds = info.getFailoverTimeout();
        if (Math.abs(seconds) <= MAX_SECONDS) {
            return Optional.empty();
        }
        String text = Double.toString(seconds).replaceAll("\\.0E", "e+").replace("E", "e+");
        return Optional.of("The framework failover_timeout (" + text + ") is invalid");
    }

    private static Optional<String> suppressed(FrameworkInfo info, List<String> suppressed) {
        return suppressed.stream()
                .filter(role -> !info.getRolesList().contains(role))
                .findFirst()
                .map(role -> "Suppressed role '" + role + "' is not contained in the list of roles");
    }

    private static Optional<String> constraints(OfferConstraints constraints) {
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
                    Optional<String> error = constraint(constraint);
                    if (error.isPresent()) {
                        return error.map(text -> "A role " + role + " has an invalid 'AttributeConstraint': " + text);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> constraint(AttributeConstraint constraint) {
        var predicate = constraint.getPredicate();
        String regex = predicate.hasTextMatches()
                ? predicate.getTextMatches().getRegex()
                : predicate.getTextNotMatches().getRegex();
        try {
            Pattern.compile(regex);
            return Optional.empty();
        } catch (PatternSyntaxException e) {
            String fault = e.getDescription().startsWith("Unclosed group") ? "missing )" : e.getDescription();
            return Optional.of("Failed to construct regex from pattern '" + regex + "': " + fault + ": " + regex);
        }
    }
}
