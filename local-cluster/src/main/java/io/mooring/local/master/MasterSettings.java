package io.mooring.local.master;

import java.time.Duration;
import java.util.Optional;

/**
 * The master's flags that matter here, with Mesos' defaults.
 *
 * @param port HTTP port on loopback, 0 for any
 * @param agentPingTimeout how long a ping waits for its pong
 * @param maxAgentPingTimeouts missed pongs in a row after which an agent is unreachable
 * @param allocationInterval how often free resources are offered when nothing else causes it
 * @param offerTimeout after which an offer is rescinded; absent: never
 */
public record MasterSettings(
        int port,
        Duration agentPingTimeout,
        int maxAgentPingTimeouts,
        Duration allocationInterval,
        Optional<Duration> offerTimeout) {
    public MasterSettings {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("master.port " + port + ": expected 0 to 65535");
        }
        if (agentPingTimeout.isNegative() || agentPingTimeout.isZero() || maxAgentPingTimeouts < 1) {
            throw new IllegalArgumentException("agent ping timeout and count must be positive");
        }
    }

    /** Mesos' defaults: pings every 15 s, five may be missed, allocation every second, offers without end. */
    public static MasterSettings onPort(int port) {
        return new MasterSettings(port, Duration.ofSeconds(15), 5, Duration.ofSeconds(1), Optional.empty());
    }

    /** The same with other pings. */
    public MasterSettings withPings(Duration timeout, int count) {
        return new MasterSettings(port, timeout, count, allocationInterval, offerTimeout);
    }
}
