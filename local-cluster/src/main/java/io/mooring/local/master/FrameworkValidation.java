package io.mooring.local.master;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.mesos.v1.Protos.FrameworkInfo;
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
                .or(() -> OfferConstraintsFilter.error(constraints));
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
            Optional<String> error = Roles.error(role);
            if (error.isPresent()) {
                return error.map(text -> "'FrameworkInfo.roles' contains invalid role: " + text);
            }
        }
        return Roles.error(info.getRole()).map(text -> "'FrameworkInfo.role' is not a valid role: " + text);
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
}
