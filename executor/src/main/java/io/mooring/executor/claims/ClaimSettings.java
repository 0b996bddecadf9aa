package io.mooring.executor.claims;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the claim service is reached.
 *
 * @param schedulers tried in this order, each at every call; whichever is no leader passes the call on
 * @param token a file with the token of a user of the role executor; empty where nobody is asked
 * @param authorities who signs the schedulers' certificates, in PEM; empty for whom the JVM trusts
 * @param defaultPath where a task sees a volume without a container path
 * @param request until one scheduler has answered
 * @param claim until the claims are granted, all schedulers and attempts together
 * @param release until the task's end is told although the record was not taken; it is brought later then
 */
public record ClaimSettings(
        List<URI> schedulers,
        Optional<Path> token,
        Optional<Path> authorities,
        String defaultPath,
        Duration request,
        Duration claim,
        Duration release) {
    public ClaimSettings {
        schedulers = List.copyOf(schedulers);
        if (schedulers.isEmpty()) {
            throw new IllegalArgumentException("'schedulers' names nobody; expected a list such as [http://s1:8080]");
        }
    }

    /** Their addresses, for people. */
    String names() {
        return String.join(", ", schedulers.stream().map(URI::toString).toList());
    }
}
