package io.mooring.local.agent;

import io.mooring.local.link.Link;
import io.mooring.local.loop.EventLoop;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;

/**
 * What the parts of one agent share.
 *
 * @param blocking runs what waits: downloads, the end of processes
 */
record AgentParts(
        AgentSettings settings,
        AgentState state,
        EventLoop loop,
        ExecutorService blocking,
        Link link,
        Checkpoint checkpoint,
        Updates updates,
        Operations operations,
        InstantSource clock) {}
