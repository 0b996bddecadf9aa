package io.mooring.scheduler.placement;

import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.ids.MachineKey;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.volume.Volume;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** What a task with volumes needs of an agent: its plugin, room, a slot, the right place. */
final class StorageRules {
    private static final long GB = 1L << 30;

    private final ToLongFunction<Volume> sizeGb;

    /** @param sizeGb the size of a volume that is to be made, with the driver's default where none is stated */
    StorageRules(ToLongFunction<Volume> sizeGb) {
        this.sizeGb = sizeGb;
    }

    Optional<Veto> inspected(TaskRequest request, Candidate candidate) {
        if (request.volumes().isEmpty()) {
            return Optional.empty();
        }
        if (candidate.agent().inspected().isEmpty()
                || candidate.agent().machine().isEmpty()) {
            return Optional.of(new Veto(Veto.Kind.MACHINE, "the agent has not reported its machine and plugins yet"));
        }
        return Optional.empty();
    }

    /** A machine that is not to be trusted now: two boots under one key, or cut off from this very volume. */
    Optional<Veto> machine(TaskRequest request, Candidate candidate) {
        if (request.volumes().isEmpty() || candidate.machine().isEmpty()) {
            return Optional.empty();
        }
        Machine machine = candidate.machine().get();
        if (machine.quarantine().isPresent()) {
            return Optional.of(new Veto(Veto.Kind.MACHINE, machine.quarantine().get()));
        }
        return request.volumes().stream()
                .filter(volume -> machine.fenced().contains(volume.name()))
                .findFirst()
                .map(volume -> new Veto(
                        Veto.Kind.MACHINE,
                        "machine " + machine.key() + " was cut off from volume " + volume.name()
                                + "; a clean-up there has to end first"));
    }

    Optional<Veto> driver(TaskRequest request, Candidate candidate) {
        for (Volume volume : request.volumes()) {
            Optional<PluginReport> plugin = candidate.agent().plugin(volume.driver());
            if (plugin.isEmpty()) {
                return Optional.of(new Veto(
                        Veto.Kind.DRIVER,
                        "volume " + volume.name() + " needs the plugin " + volume.driver()
                                + ", which the agent does not have"));
            }
            if (!plugin.get().healthy()) {
                return Optional.of(new Veto(
                        Veto.Kind.DRIVER,
                        "the plugin " + volume.driver() + " on the agent does not answer"
                                + plugin.get().remarks().stream()
                                        .findFirst()
                                        .map(why -> ": " + why)
                                        .orElse("")));
            }
            Optional<Veto> veto = fileSystem(volume, plugin.get());
            if (veto.isPresent()) {
                return veto;
            }
        }
        return Optional.empty();
    }

    /** A new volume needs the program that makes its file system; one that has its file system does not. */
    private static Optional<Veto> fileSystem(Volume volume, PluginReport plugin) {
        String why = plugin.cannotMake().get(volume.options().getOrDefault("newfstype", ""));
        if (volume.exists() || why == null) {
            return Optional.empty();
        }
        return Optional.of(new Veto(Veto.Kind.DRIVER, "volume " + volume.name() + " cannot be made here: " + why));
    }

    Optional<Veto> location(TaskRequest request, Candidate candidate) {
        for (Volume volume : request.volumes()) {
            if (volume.home().isPresent()
                    && !volume.home().equals(candidate.agent().machine())) {
                return Optional.of(new Veto(
                        Veto.Kind.LOCATION,
                        "volume " + volume.name() + " exists on machine "
                                + volume.home().get() + " only"));
            }
            MachineKey pinned = request.pinned().get(volume.name().key());
            if (pinned != null && !candidate.agent().machine().equals(Optional.of(pinned))) {
                return Optional.of(new Veto(
                        Veto.Kind.LOCATION,
                        "volume " + volume.name() + " is mounted on machine " + pinned
                                + ", and can only be joined there for now"));
            }
        }
        return Optional.empty();
    }

    Optional<Veto> zone(TaskRequest request, Candidate candidate) {
        for (Volume volume : request.volumes()) {
            if (volume.zone().isPresent()
                    && !volume.zone().equals(candidate.agent().zone())) {
                return Optional.of(new Veto(
                        Veto.Kind.ZONE,
                        "volume " + volume.name() + " is in zone "
                                + volume.zone().get() + ", the agent in "
                                + candidate.agent().zone().orElse("none")));
            }
        }
        return Optional.empty();
    }

    Optional<Veto> slots(TaskRequest request, Candidate candidate) {
        int wanted = request.volumes().size();
        Optional<Integer> left = candidate.slotsLeft();
        if (wanted == 0 || left.isEmpty() || left.get() >= wanted) {
            return Optional.empty();
        }
        return Optional.of(
                new Veto(Veto.Kind.SLOTS, "needs " + wanted + " attach slots; the agent has " + left.get() + " left"));
    }

    Optional<Veto> capacity(TaskRequest request, Candidate candidate) {
        for (Volume volume : request.volumes()) {
            if (volume.exists()) {
                continue;
            }
            Optional<PluginReport> plugin = candidate.agent().plugin(volume.driver());
            if (plugin.isEmpty() || plugin.get().freeBytes().isEmpty()) {
                continue;
            }
            long free = plugin.get().freeBytes().getAsLong()
                    - candidate.takenBytes(volume.driver().value());
            if (bytes(volume) > free) {
                return Optional.of(new Veto(
                        Veto.Kind.CAPACITY,
                        "volume " + volume.name() + " of " + sizeGb.applyAsLong(volume)
                                + " GB has to be made; the pool of " + volume.driver() + " has "
                                + Math.max(0, free) / GB + " GB left"));
            }
        }
        return Optional.empty();
    }

    /** Notes what the volumes to be made will take of the pool. */
    void take(TaskRequest request, Candidate candidate) {
        for (Volume volume : request.volumes()) {
            if (!volume.exists()) {
                candidate.reserveBytes(volume.driver().value(), bytes(volume));
            }
        }
    }

    private long bytes(Volume volume) {
        return sizeGb.applyAsLong(volume) * GB;
    }
}
