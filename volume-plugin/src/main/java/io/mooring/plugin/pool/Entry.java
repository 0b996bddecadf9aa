package io.mooring.plugin.pool;

import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.VolumeRecord;

/** What a pool has on record of one volume: what it is, and who has it. */
public record Entry(VolumeRecord volume, Ownership ownership) {}
