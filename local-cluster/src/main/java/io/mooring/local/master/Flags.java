package io.mooring.local.master;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The settings under the names that a real master's flags have. */
final class Flags {
    private Flags() {}

    static Map<String, String> of(MasterSettings settings, int port) {
        Map<String, String> flags = new TreeMap<>();
        flags.put("agent_ping_timeout", text(settings.agentPingTimeout()));
        flags.put("agent_reregister_timeout", text(settings.agentReregisterTimeout()));
        flags.put("allocation_interval", text(settings.allocationInterval()));
        flags.put("authenticate_frameworks", "false");
        flags.put("hostname_lookup", "false");
        flags.put("ip", "127.0.0.1");
        flags.put("max_agent_ping_timeouts", Integer.toString(settings.maxAgentPingTimeouts()));
        flags.put("max_completed_frameworks", Integer.toString(FrameworkEntry.KEPT_FRAMEWORKS));
        flags.put("recovery_agent_removal_limit", "100%");
        settings.offerTimeout().ifPresent(timeout -> flags.put("offer_timeout", text(timeout)));
        flags.put("port", Integer.toString(port));
        flags.put(
                "root_submissions",
                Boolean.toString(settings.rootSubmissions() == MasterSettings.RootSubmissions.ALLOWED));
        return flags;
    }

    /** As Mesos writes durations: the largest unit in which it is a whole number. */
    private static String text(Duration duration) {
        if (duration.toMillis() % 1000 != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "hrs";
        }
        return seconds % 60 == 0 ? seconds / 60 + "mins" : seconds + "secs";
    }
}
