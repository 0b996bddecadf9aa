package io.mooring.plugin.backend;

/**
 * Space of a pool in bytes.
 *
 * @param totalBytes what volumes could fill if all of it were theirs
 * @param usedBytes what is filled now
 */
public record Usage(long totalBytes, long usedBytes) {}
