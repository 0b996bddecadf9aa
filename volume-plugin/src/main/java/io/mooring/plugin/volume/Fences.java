package io.mooring.plugin.volume;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The hosts that were cut off from a volume and have not been cleaned up since. Such a host gets the volume again only
 * when nothing of its old access is left on it.
 */
public record Fences(Map<String, Fence> byHost) {
    /** Of a volume that nobody was ever cut off from. */
    public static final Fences NONE = new Fences(Map.of());

    public Fences {
        byHost = Collections.unmodifiableMap(new TreeMap<>(byHost));
    }

    /**
     * One cut.
     *
     * @param number the fence of the claim that was cut off; 0 when it was none, but a Docker caller
     * @param boot the boot that it was attached in, as far as anybody knew
     * @param since when it was cut off
     * @param generation the content that it had attached and that it alone may still see; empty when it had none
     */
    public record Fence(long number, Optional<BootId> boot, Instant since, OptionalLong generation) {
        /** A preemption: it was ordered by no claim, and none was cut off. */
        public boolean amongDockerCallers() {
            return number == 0;
        }
    }

    /** The cut of this host, if there is one. */
    public Optional<Fence> of(MachineKey host) {
        return Optional.ofNullable(byHost.get(host.value()));
    }

    Fences with(MachineKey host, Fence fence) {
        Map<String, Fence> more = new TreeMap<>(byHost);
        more.put(host.value(), fence);
        return new Fences(more);
    }

    Fences without(MachineKey host) {
        Map<String, Fence> fewer = new TreeMap<>(byHost);
        fewer.remove(host.value());
        return new Fences(fewer);
    }
}
