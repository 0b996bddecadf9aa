package io.mooring.scheduler.definition;

import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeRequest;

/** A volume as an app asks for it, with the policies that its {@code mooring/...} labels state. */
public record VolumeSpec(VolumeRequest request, TakeoverPolicy takeover, ReclaimPolicy reclaim) {}
