package io.mooring.executor.mount;

import java.util.List;

/** The machine's answer: the new state, and what is to be done, in order. */
public record VolumeTransition(VolumeState state, List<VolumeEffect> effects) {
    public VolumeTransition {
        effects = List.copyOf(effects);
    }

    static VolumeTransition of(VolumeState state, VolumeEffect... effects) {
        return new VolumeTransition(state, List.of(effects));
    }
}
