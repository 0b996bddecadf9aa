package io.mooring.plugin.lane;

import java.time.Instant;

/**
 * One call that works on a volume, or waits to.
 *
 * @param name Mount, Unmount, Create or Remove
 * @param since when the call came
 */
public record Operation(String name, Instant since) {}
