package io.mooring.scheduler.app;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What Mesos would refuse of a framework, or take and then never offer to; said before anything is registered. */
final class FrameworkRules {
    /** Longer than this, Mesos calls it invalid. */
    private static final long LONGEST_FAILOVER_MS = Long.MAX_VALUE / 1_000_000;

    private FrameworkRules() {}

    static void check(
            String name,
            String user,
            List<String> roles,
            long failoverTimeoutMs,
            Map<String, List<Map<String, Double>>> offerFilters) {
        if (name.isBlank()) {
            throw wrong("name", "is empty", "a word by which people know it in Mesos' pages");
        }
        if (user.isBlank()) {
            throw wrong(
                    "user", "is empty", "a user that the agents know; Mesos would take it, and no task would start");
        }
        if (roles.isEmpty()) {
            throw wrong("roles", "is empty", "at least one role; without any Mesos offers nothing");
        }
        if (new TreeSet<>(roles).size() < roles.size()) {
            throw wrong("roles", "names a role twice", "each role once");
        }
        roles.forEach(FrameworkRules::role);
        if (failoverTimeoutMs < 60_000 || failoverTimeoutMs > LONGEST_FAILOVER_MS) {
            throw wrong(
                    "failoverTimeout",
                    "is " + failoverTimeoutMs + " ms",
                    "a minute at least, better weeks: when it is over, Mesos kills every task");
        }
        offerFilters.forEach((role, least) -> filter(role, least, roles));
    }

    /** The rules of Mesos for a role's name; a slash makes a role below another. */
    private static void role(String role) {
        for (String part : role.split("/", -1)) {
            boolean alone = part.equals("*") && !role.equals("*");
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.startsWith("-") || alone) {
                throw notARole(role);
            }
        }
        if (role.chars().anyMatch(letter -> letter <= ' ' || letter == '\\' || letter == 0x7f)) {
            throw notARole(role);
        }
    }

    private static IllegalArgumentException notARole(String role) {
        return wrong(
                "roles",
                "has '" + role + "'",
                "words like 'storage' or 'eng/db': none of them empty, '.', '..' or with a dash first, no blanks, and '*'"
                        + " only by itself");
    }

    private static void filter(String role, List<Map<String, Double>> least, List<String> roles) {
        if (!roles.contains(role)) {
            throw wrong("offerFilters", "names role '" + role + "'", "one of framework.roles, " + roles);
        }
        for (Map<String, Double> amounts : least) {
            boolean odd = amounts.isEmpty()
                    || amounts.values().stream().anyMatch(amount -> amount == null || !(amount >= 0) || amount > 1e12);
            if (odd) {
                throw wrong(
                        "offerFilters." + role,
                        "has " + amounts,
                        "amounts of resources, such as {cpus: 0.1, mem: 128}");
            }
        }
    }

    private static IllegalArgumentException wrong(String key, String is, String right) {
        return new IllegalArgumentException("framework." + key + " " + is + "; it has to be " + right);
    }
}
