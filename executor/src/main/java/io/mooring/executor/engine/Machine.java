package io.mooring.executor.engine;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;

/** This machine, on this boot. */
public record Machine(MachineKey key, BootId boot) {}
