package io.mooring.plugin.volume;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;

/**
 * One boot of one host. Mounts and loop devices die with the boot, records in the pool do not.
 *
 * @param host the host's name in attachment records
 * @param bootId its current boot
 */
public record HostIdentity(MachineKey host, BootId bootId) {}
