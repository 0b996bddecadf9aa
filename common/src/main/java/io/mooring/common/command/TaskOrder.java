package io.mooring.common.command;

import io.mooring.common.container.DockerContainer;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the scheduler wants of one executor: the content of {@code TaskInfo.data}. */
public sealed interface TaskOrder {
    /** The scheduler's epoch when the task was launched; an executor ignores messages of an older one. */
    long epoch();

    /**
     * Run a workload, with these volumes claimed for it.
     *
     * @param furtherChecks what it is asked beside the one health check that a {@code TaskInfo} has room for
     */
    record RunWorkload(long epoch, Workload workload, List<ClaimedVolume> volumes, List<HealthCheck> furtherChecks)
            implements TaskOrder {
        public RunWorkload {
            volumes = List.copyOf(volumes);
            furtherChecks = List.copyOf(furtherChecks);
        }

        /** With one health check at most. */
        public RunWorkload(long epoch, Workload workload, List<ClaimedVolume> volumes) {
            this(epoch, workload, volumes, List.of());
        }
    }

    /** Report this machine's identity, plugins, capacity and leftovers; touches nothing. */
    record InspectAgent(long epoch) implements TaskOrder {}

    /** Create one volume through the agent's plugin; a volume that is there already counts as created. */
    record CreateVolume(long epoch, DriverName driver, VolumeName volume, Map<String, String> options)
            implements TaskOrder {
        public CreateVolume {
            options = Collections.unmodifiableMap(new TreeMap<>(options));
        }
    }

    /** Remove one volume with its data. Only sent for a volume that nobody has a claim on. */
    record RemoveVolume(long epoch, DriverName driver, VolumeName volume) implements TaskOrder {}

    /**
     * Finish what a dead executor left of these claims on this machine, and report the evidence (E1b).
     *
     * @param fenced volumes that this machine was cut off from: whatever is left of an older fence is removed, and then the
     *     machine may have them again
     */
    record CleanUp(long epoch, List<ClaimedVolume> volumes, List<VolumeName> fenced) implements TaskOrder {
        public CleanUp {
            volumes = List.copyOf(volumes);
            fenced = List.copyOf(fenced);
        }

        /** On a machine that was cut off from nothing. */
        public CleanUp(long epoch, List<ClaimedVolume> volumes) {
            this(epoch, volumes, List.of());
        }
    }

    /**
     * Cut another machine off a volume, through this machine's plugin, which shares the backend: the target and the number
     * come from the claim. Nothing is done when the attachment carries another machine, boot, claim or fence; doing it
     * again changes nothing.
     *
     * @param operation the id of the scheduler's own record of this
     * @param boot the boot that the holder activated the claim in
     * @param takesOver the claim before it on that machine, whose number the attachment carries until the hand-over is
     *     done
     */
    record FenceHolder(
            long epoch,
            String operation,
            DriverName driver,
            VolumeName volume,
            MachineKey holder,
            Optional<BootId> boot,
            ClaimId claim,
            long fence,
            Optional<Predecessor> takesOver)
            implements TaskOrder {}

    /** A claim that is over, by its id and its number. */
    record Predecessor(ClaimId claim, long fence) {}

    /** Ask this machine's plugin where these volumes are attached; touches nothing. */
    record ObserveVolumes(long epoch, DriverName driver, List<VolumeName> volumes) implements TaskOrder {
        public ObserveVolumes {
            volumes = List.copyOf(volumes);
        }
    }

    /**
     * One volume with the claim that gives the right to use it.
     *
     * @param takesOver the claim on the same machine and boot that this one follows: its executor left the volume mounted
     */
    record ClaimedVolume(ClaimId claim, long fence, VolumeRequest request, Optional<ClaimId> takesOver) {
        /** A claim that attaches anew. */
        public ClaimedVolume(ClaimId claim, long fence, VolumeRequest request) {
            this(claim, fence, request, Optional.empty());
        }
    }

    /**
     * What is run once the volumes are mounted.
     *
     * @param shellCommand given to {@code /bin/sh -c}; empty when {@code arguments} is used
     * @param arguments executed without a shell; empty when {@code shellCommand} is used. In a container both may be
     *     empty: its image says what is run
     * @param user who runs it; empty means the executor's own user
     * @param defaultPath where a volume without a container path is seen; {@code {name}} stands for the volume's name
     * @param killGrace from SIGTERM to SIGKILL
     * @param container what the Docker Engine runs it in; empty for a process on the agent's own file system
     * @param limits what it may use of the machine; empty for as much as there is
     */
    record Workload(
            Optional<String> shellCommand,
            List<String> arguments,
            Optional<String> user,
            Map<String, String> environment,
            String defaultPath,
            Duration killGrace,
            Optional<DockerContainer> container,
            Optional<Limits> limits) {
        public Workload {
            arguments = List.copyOf(arguments);
            environment = Collections.unmodifiableMap(new TreeMap<>(environment));
            boolean nothing = shellCommand.isEmpty() && arguments.isEmpty();
            if (nothing ? container.isEmpty() : shellCommand.isPresent() != arguments.isEmpty()) {
                throw new IllegalArgumentException("a workload has either a shell command or arguments");
            }
            if (killGrace.isNegative()) {
                throw new IllegalArgumentException("killGrace is negative");
            }
        }

        /** A process on the agent's own file system, without limits. */
        public Workload(
                Optional<String> shellCommand,
                List<String> arguments,
                Optional<String> user,
                Map<String, String> environment,
                String defaultPath,
                Duration killGrace) {
            this(
                    shellCommand,
                    arguments,
                    user,
                    environment,
                    defaultPath,
                    killGrace,
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /**
     * What a task was given of its machine.
     *
     * @param cpus in cores; its weight beside other tasks
     * @param memMb in MiB; it gets no more than that
     */
    record Limits(double cpus, double memMb) {
        public Limits {
            if (!(cpus >= 0) || !(memMb >= 0)) {
                throw new IllegalArgumentException("limits cannot be negative: cpus " + cpus + ", mem " + memMb);
            }
        }
    }
}
