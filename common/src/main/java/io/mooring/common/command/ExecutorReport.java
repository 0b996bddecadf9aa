package io.mooring.common.command;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What an executor tells the scheduler, in {@code TaskStatus.data} or in a message. Ownership facts travel in status
 * updates, which Mesos delivers until they are acknowledged; a message only repeats them sooner.
 */
public sealed interface ExecutorReport {
    /**
     * With TASK_STARTING, and repeated as a message until GO or DENY comes: activate these claims for this boot.
     *
     * @param highestEpoch the highest scheduler epoch that this machine has ever seen; 0 if it does not know
     */
    record ActivationRequest(
            TaskId task, MachineKey machine, BootId boot, List<ClaimToActivate> claims, long highestEpoch)
            implements ExecutorReport {
        public ActivationRequest {
            claims = List.copyOf(claims);
        }

        /** From a machine that has seen no epoch. */
        public ActivationRequest(TaskId task, MachineKey machine, BootId boot, List<ClaimToActivate> claims) {
            this(task, machine, boot, claims, 0);
        }
    }

    /**
     * One claim of an {@link ActivationRequest}.
     *
     * @param highWater the highest fence this machine has ever acted under for the volume, 0 if none
     * @param highWaterClaim the claim that had it
     */
    record ClaimToActivate(
            ClaimId claim, VolumeName volume, long fence, long highWater, Optional<ClaimId> highWaterClaim) {}

    /** With TASK_RUNNING: the volumes are mounted and the workload runs. */
    record MountReport(List<MountedVolume> volumes) implements ExecutorReport {
        public MountReport {
            volumes = List.copyOf(volumes);
        }
    }

    /**
     * One volume of a {@link MountReport}.
     *
     * @param device the block device, if the backend has one
     * @param path where the plugin mounted it on the agent
     * @param created whether this mount's Create made the volume
     */
    record MountedVolume(
            ClaimId claim,
            long fence,
            Optional<String> device,
            String path,
            Optional<String> fsType,
            boolean created) {}

    /**
     * With the terminal state of a workload or a clean-up: what became of each claim. Evidence E1 or E1b if complete.
     *
     * @param unfenced volumes of {@link TaskOrder.CleanUp#fenced()} that nothing of is left here, and that the plugin lets
     *     this machine have again
     */
    record ReleaseRecord(MachineKey machine, BootId boot, List<ReleasedVolume> volumes, List<VolumeName> unfenced)
            implements ExecutorReport {
        public ReleaseRecord {
            volumes = List.copyOf(volumes);
            unfenced = List.copyOf(unfenced);
        }

        /** Of a machine that was cut off from nothing. */
        public ReleaseRecord(MachineKey machine, BootId boot, List<ReleasedVolume> volumes) {
            this(machine, boot, volumes, List.of());
        }
    }

    /**
     * The steps of a release, each true only if it was seen to be done.
     *
     * @param neverAttached the volume was never touched; then nothing else is needed
     * @param workloadGone the workload's PID namespace does not exist any more
     * @param unmounted the plugin's Unmount answered and the mount table agrees
     * @param closed no mount namespace of the machine shows the file system, and the device has no holder
     * @param detached the device is gone from this machine
     * @param journalClosed the executor's journal entry is closed on disk
     * @param handedOver the volume stays mounted for a successor on this machine and boot; its journal entry waits for it
     * @param remark what is missing and why, in words
     */
    record ReleasedVolume(
            ClaimId claim,
            long fence,
            boolean neverAttached,
            boolean workloadGone,
            boolean unmounted,
            boolean closed,
            boolean detached,
            boolean journalClosed,
            boolean handedOver,
            Optional<String> remark) {
        /** One that nobody follows here. */
        public ReleasedVolume(
                ClaimId claim,
                long fence,
                boolean neverAttached,
                boolean workloadGone,
                boolean unmounted,
                boolean closed,
                boolean detached,
                boolean journalClosed,
                Optional<String> remark) {
            this(claim, fence, neverAttached, workloadGone, unmounted, closed, detached, journalClosed, false, remark);
        }

        /** Whether this is evidence that the claim's holder can write no more. */
        public boolean complete() {
            return journalClosed && (neverAttached || (workloadGone && unmounted && closed && detached));
        }
    }

    /**
     * The answer to {@link TaskOrder.InspectAgent}.
     *
     * @param engine empty from executors that do not look for one
     */
    record AgentReport(
            MachineKey machine,
            BootId boot,
            List<PluginReport> plugins,
            List<VolumeName> unclean,
            Optional<EngineReport> engine)
            implements ExecutorReport {
        public AgentReport {
            plugins = List.copyOf(plugins);
            unclean = List.copyOf(unclean);
        }

        /** Of an executor that did not look for an engine. */
        public AgentReport(MachineKey machine, BootId boot, List<PluginReport> plugins, List<VolumeName> unclean) {
            this(machine, boot, plugins, unclean, Optional.empty());
        }
    }

    /**
     * The Docker Engine as this agent sees it.
     *
     * @param healthy whether containers can be run on it
     * @param what its version; or where it was looked for, and what came of that
     * @param blind why it can see no volume that is mounted on this machine; empty if that is not known of it
     */
    record EngineReport(boolean healthy, String what, Optional<String> blind) {
        /** Of which it is not known that it sees no volumes. */
        public EngineReport(boolean healthy, String what) {
            this(healthy, what, Optional.empty());
        }
    }

    /**
     * One plugin as this agent sees it.
     *
     * @param healthy whether it answered
     * @param generation the plugin's name and version as far as it tells
     * @param globalScope whether a volume of it is the same on every agent
     * @param fenceClass A to D as the plugin states it; empty when it does not
     * @param freeBytes what its pool has left for new volumes; empty when it does not tell
     * @param cannotMake file systems that the agent cannot make, such as {@code xfs}, each with why
     * @param remarks what somebody should know of it: why it is not healthy, or how it is dangerous
     */
    record PluginReport(
            DriverName driver,
            boolean healthy,
            String generation,
            boolean globalScope,
            Optional<String> fenceClass,
            OptionalLong freeBytes,
            List<VolumeSeen> volumes,
            Map<String, String> cannotMake,
            List<String> remarks) {
        public PluginReport {
            volumes = List.copyOf(volumes);
            cannotMake = Collections.unmodifiableMap(new TreeMap<>(cannotMake));
            remarks = List.copyOf(remarks);
        }

        /** A plugin of which nothing is to be remarked. */
        public PluginReport(
                DriverName driver,
                boolean healthy,
                String generation,
                boolean globalScope,
                Optional<String> fenceClass,
                OptionalLong freeBytes,
                List<VolumeSeen> volumes) {
            this(driver, healthy, generation, globalScope, fenceClass, freeBytes, volumes, Map.of(), List.of());
        }

        /** The same plugin, that does not answer any more; the rest is what was last known of it. */
        public PluginReport silent(String why) {
            return new PluginReport(
                    driver, false, generation, globalScope, fenceClass, freeBytes, volumes, cannotMake, List.of(why));
        }
    }

    /**
     * As a message, while a workload has volumes: a plugin of them does not answer any more, told again and again, or
     * answers again, told once. Proves nothing of the volumes: mounts outlive their plugin.
     *
     * @param trouble what came of asking it; empty when it answers
     */
    record PluginHealth(DriverName driver, Optional<String> trouble) implements ExecutorReport {}

    /**
     * With TASK_RUNNING, of a task with several health checks, for which the update itself has one word only: which check
     * was answered, and how all of them stand.
     *
     * @param check its place in the app's definition
     */
    record HealthReport(int check, List<CheckState> checks) implements ExecutorReport {
        public HealthReport {
            checks = List.copyOf(checks);
            if (check < 0 || check >= checks.size()) {
                throw new IllegalArgumentException("check " + check + " of " + checks.size());
            }
        }
    }

    /** How one health check of a task stands. */
    enum CheckState {
        /** It was not answered yet, or not well, in the time in which that does not count. */
        UNKNOWN,
        HEALTHY,
        UNHEALTHY
    }

    /** A volume that the plugin lists; the attachment is empty for none, and for plugins that do not tell. */
    record VolumeSeen(VolumeName volume, OptionalLong sizeGb, Optional<AttachmentSeen> attachment) {}

    /** Where the backend says a volume is attached. */
    record AttachmentSeen(
            MachineKey machine, Optional<BootId> boot, OptionalLong fence, Optional<ClaimId> claim, Instant since) {}

    /** The answer to {@link TaskOrder.FenceHolder}. */
    record FenceReport(
            String operation, VolumeName volume, MachineKey holder, long fence, FenceOutcome outcome, String what)
            implements ExecutorReport {}

    /** What became of an order to cut a machine off. */
    enum FenceOutcome {
        /** The storage says, asked afterwards, that the machine has no access any more. Evidence E3. */
        CUT_OFF,
        /** Nothing was done, because the attachment is another's, or the backend cannot; asking again is no use. */
        REFUSED,
        /** It may have been done or not; the same order may be given again. */
        UNKNOWN
    }

    /** The answer to {@link TaskOrder.ObserveVolumes}: what the backend said to this machine at that time. */
    record VolumesObserved(MachineKey machine, DriverName driver, Instant at, List<VolumeObserved> volumes)
            implements ExecutorReport {
        public VolumesObserved {
            volumes = List.copyOf(volumes);
        }
    }

    /** One volume of {@link VolumesObserved}. */
    record VolumeObserved(VolumeName volume, Existence existence, AttachmentView attachment) {}

    /** Whether the backend has a volume. */
    enum Existence {
        EXISTS,
        MISSING,
        /** The plugin did not answer, or not so that it could be understood. */
        UNKNOWN
    }

    /** Where the backend says that a volume is attached. */
    sealed interface AttachmentView {
        /** The plugin does not tell, as plain Docker plugins do not: proves nothing. */
        record NotTold() implements AttachmentView {}

        /** Nowhere. */
        record None() implements AttachmentView {}

        /** Attached; to several machines only when all of them read. */
        record At(List<AttachmentSeen> attachments) implements AttachmentView {
            public At {
                attachments = List.copyOf(attachments);
                if (attachments.isEmpty()) {
                    throw new IllegalArgumentException("attached, but to nothing; say None");
                }
            }
        }
    }

    /** A volume operation is done. */
    record VolumeOperationDone(VolumeName volume) implements ExecutorReport {}

    /** A volume operation, or a launch before anything was touched, was refused or failed: why, and what would help. */
    record Failure(String what) implements ExecutorReport {}
}
