package io.mooring.local.master;

import java.time.Duration;
import java.util.Optional;

/**
 * The master's flags that matter here, with Mesos' defaults.
 *
 * @param port HTTP port on loopback, 0 for any
 * @param agentPingTimeout how long a ping waits for its pong
 * @param maxAgentPingTimeouts missed pongs in a row after which an agent is unreachable
 * @param agentReregisterTimeout how long a new leader waits for the agents of the old one
 * @param allocationInterval how often free resources are offered when nothing else causes it
 * @param offerTimeout after which an offer is rescinded; absent: never
 * @param rootSubmissions whether frameworks may run as root
 */
public record MasterSettings(
        int port,
        Duration agentPingTimeout,
        int maxAgentPingTimeouts,
        Duration agentReregisterTimeout,
        Duration allocationInterval,
        Optional<Duration> offerTimeout,
        RootSubmissions rootSubmissions) {
    /** Whether the user of a framework may be root. */
    public enum RootSubmissions {
        ALLOWED,
        REFUSED
    }

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
        return new MasterSettings(
                port,
                Duration.ofSeconds(15),
                5,
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                Optional.empty(),
                RootSubmissions.ALLOWED);
    }

    /** The same on another port. */
    public MasterSettings withPort(int changed) {
        return new MasterSettings(
                changed,
                agentPingTimeout,
                maxAgentPingTimeouts,
                agentReregisterTimeout,
                allocationInterval,
                offerTimeout,
                rootSubmissions);
    }

    /** The same with other pings. */
    public MasterSettings withPings(Duration timeout, int count) {
        return new MasterSettings(
                port, timeout, count, agentReregisterTimeout, allocationInterval, offerTimeout, rootSubmissions);
    }

    /** The same with offers that end. */
    public MasterSettings withOfferTimeout(Optional<Duration> timeout) {
        return new MasterSettings(
                port,
                agentPingTimeout,
                maxAgentPingTimeouts,
                agentReregisterTimeout,
                allocationInterval,
                timeout,
                rootSubmissions);
    }

    /** The same with another patience for the agents of an old leader. */
    public MasterSettings withAgentReregisterTimeout(Duration timeout) {
        return new MasterSettings(
                port,
                agentPingTimeout,
                maxAgentPingTimeouts,
                timeout,
                allocationInterval,
                offerTimeout,
                rootSubmissions);
    }

    /** The same with another rule about root. */
    public MasterSettings withRootSubmissions(RootSubmissions changed) {
        return new MasterSettings(
                port,
                agentPingTimeout,
                maxAgentPingTimeouts,
                agentReregisterTimeout,
                allocationInterval,
                offerTimeout,
                changed);
    }
}
