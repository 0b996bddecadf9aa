package io.mooring.plugin.volume;

/**
 * What a create call gets that names no value ({@code create.default.*}).
 *
 * @param sizeGb size in GB
 * @param fsType file system
 * @param type volume type, or empty
 * @param iops IOPS, 0 for none
 * @param zone availability zone, or empty
 */
public record CreateDefaults(long sizeGb, FsType fsType, String type, int iops, String zone) {}
