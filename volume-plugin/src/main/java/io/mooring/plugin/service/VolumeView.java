package io.mooring.plugin.service;

import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.VolumeRecord;

/**
 * A volume as it is seen from this host at one moment.
 *
 * @param volume what it is
 * @param ownership who has it
 * @param mountpoint where it can be used on this host, or empty
 */
public record VolumeView(VolumeRecord volume, Ownership ownership, String mountpoint) {}
