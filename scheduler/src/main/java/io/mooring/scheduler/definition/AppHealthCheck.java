package io.mooring.scheduler.definition;

import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.health.HealthRules;
import io.mooring.common.health.Probe;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One of Marathon's health checks, of whichever protocol. The task's executor performs all of them, beside the task: what
 * Marathon asks from far away is asked where no broken network stands between.
 *
 * @param path of a question by HTTP
 * @param portIndex which of the task's ports is asked; empty when {@code port} says it, and for commands
 * @param port the very port that is asked
 * @param command what is run where the task runs; its exit code 0 is healthy
 * @param most failures in a row after which the task is killed; 0 for never
 */
public record AppHealthCheck(
        Protocol protocol,
        String path,
        Optional<Integer> portIndex,
        Optional<Integer> port,
        Optional<String> command,
        Probe.Family family,
        CheckRhythm rhythm,
        Duration grace,
        int most) {
    /** Marathon's protocols. */
    public enum Protocol {
        HTTP,
        HTTPS,
        TCP,
        COMMAND,
        MESOS_HTTP,
        MESOS_HTTPS,
        MESOS_TCP
    }

    /** The check of one task, which has these ports where it listens. */
    public HealthCheck of(List<Integer> ports) {
        // Mesos kills at the first failure where Marathon says never.
        int failures = most == 0 ? Integer.MAX_VALUE : most;
        return new HealthCheck(probe(ports), rhythm, new HealthRules(grace, failures));
    }

    private Probe probe(List<Integer> ports) {
        return switch (protocol) {
            case HTTP, MESOS_HTTP -> new Probe.Http("http", family, asked(ports), path);
            case HTTPS, MESOS_HTTPS -> new Probe.Http("https", family, asked(ports), path);
            case TCP, MESOS_TCP -> new Probe.Tcp(family, asked(ports));
            case COMMAND -> new Probe.Program(List.of("/bin/sh", "-c", command.orElseThrow()), new TreeMap<>());
        };
    }

    private int asked(List<Integer> ports) {
        return port.orElseGet(() -> ports.get(portIndex.orElse(0)));
    }
}
