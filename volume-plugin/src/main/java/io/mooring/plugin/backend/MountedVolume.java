package io.mooring.plugin.backend;

import java.nio.file.Path;

/**
 * A volume that can be used on this host.
 *
 * @param path what the caller may use: the mount point with the root path below it
 * @param device the block device, or empty
 */
public record MountedVolume(Path path, String device) {}
