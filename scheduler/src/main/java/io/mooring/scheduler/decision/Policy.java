package io.mooring.scheduler.decision;

import io.mooring.common.volume.DriverName;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.volume.FenceClass;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The values that an operator sets and decisions go by.
 *
 * @param epoch this leadership's number; it stands in every claim, task and message
 * @param executor what each executor takes beside its task
 * @param aliases driver names of app definitions, and the plugin that is meant here
 * @param drivers what is known of plugins by configuration
 * @param defaultVolumePath where a task sees a volume without a container path; {@code {name}} is the volume's name
 * @param defaultVolumeGb the size of a volume that states none
 * @param timing how long things may take
 * @param takeover when a volume is taken from a holder that nobody reaches
 * @param safeMode why nothing may be granted in this term; empty if it may
 * @param hearFirst how long Mesos is listened to before the first grant: for a scheduler that knows no earlier term, so that
 *     running tasks of a store that went back in time are heard of first
 * @param foreign what holds for claims of tasks that other frameworks run
 * @param requests what holds for what users ask
 */
public record Policy(
        long epoch,
        Resources executor,
        Map<DriverName, DriverName> aliases,
        Map<DriverName, DriverPolicy> drivers,
        String defaultVolumePath,
        long defaultVolumeGb,
        Timing timing,
        Takeover takeover,
        Optional<String> safeMode,
        Duration hearFirst,
        Foreign foreign,
        Requests requests) {
    /** With the usual rules for requests and for claims of other frameworks. */
    public Policy(
            long epoch,
            Resources executor,
            Map<DriverName, DriverName> aliases,
            Map<DriverName, DriverPolicy> drivers,
            String defaultVolumePath,
            long defaultVolumeGb,
            Timing timing,
            Takeover takeover,
            Optional<String> safeMode,
            Duration hearFirst) {
        this(
                epoch,
                executor,
                aliases,
                drivers,
                defaultVolumePath,
                defaultVolumeGb,
                timing,
                takeover,
                safeMode,
                hearFirst,
                Foreign.usual(),
                Requests.usual());
    }

    /** For a scheduler that knows earlier terms. */
    public Policy(
            long epoch,
            Resources executor,
            Map<DriverName, DriverName> aliases,
            Map<DriverName, DriverPolicy> drivers,
            String defaultVolumePath,
            long defaultVolumeGb,
            Timing timing,
            Takeover takeover,
            Optional<String> safeMode) {
        this(
                epoch,
                executor,
                aliases,
                drivers,
                defaultVolumePath,
                defaultVolumeGb,
                timing,
                takeover,
                safeMode,
                Duration.ZERO);
    }

    public Policy {
        aliases = Collections.unmodifiableMap(new TreeMap<>(aliases));
        drivers = Collections.unmodifiableMap(new TreeMap<>(drivers));
    }

    /**
     * How long things may take.
     *
     * @param launchTimeout until a launch that was not heard of is called off
     * @param killRetry until a kill is sent again the first time; doubled each time up to five minutes
     * @param inspectEvery how old an agent's report may get
     * @param idleRefusal how long offers are refused while nothing waits
     * @param busyRefusal how long they are refused while something waits that cannot use them
     */
    public record Timing(
            Duration launchTimeout,
            Duration killRetry,
            Duration inspectEvery,
            Duration idleRefusal,
            Duration busyRefusal) {
        public static Timing usual() {
            return new Timing(
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(5));
        }
    }

    /**
     * When a volume is taken from a holder that nobody reaches. None of these times releases anything by itself: they say
     * when evidence is asked for, or made by a fence where the volume's policy allows it.
     *
     * @param suspectGrace from the loss of contact to the fence
     * @param observeEvery between two looks at the backend
     * @param settle two looks that far apart have to agree
     * @param compareEvery between two comparisons of claims, tasks and attachments
     * @param brakeShare the share of agents, 0 to 1, whose loss at about the same time pulls the disaster brake
     */
    public record Takeover(
            Duration suspectGrace, Duration observeEvery, Duration settle, Duration compareEvery, double brakeShare) {
        public static Takeover usual() {
            return new Takeover(
                    Duration.ofSeconds(60), Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofMinutes(5), 0.5);
        }
    }

    /**
     * Claims of tasks that other frameworks run. Silence never releases one: it makes it suspect.
     *
     * @param heartbeatEvery how often a holder is to be heard of
     * @param suspectAfter how long it may be silent
     * @param most how many tasks may hold claims at once
     */
    public record Foreign(Duration heartbeatEvery, Duration suspectAfter, int most) {
        public static Foreign usual() {
            return new Foreign(Duration.ofSeconds(10), Duration.ofSeconds(60), 10_000);
        }
    }

    /**
     * What holds for what users ask.
     *
     * @param roles in which the framework is registered
     * @param mostDeployments how many changes may be on their way for another one to begin
     */
    public record Requests(List<String> roles, int mostDeployments) {
        public Requests {
            roles = List.copyOf(roles);
        }

        public static Requests usual() {
            return new Requests(List.of("*"), 1000);
        }

        /** The role that every task has; empty where there are several, and each offer's role decides. */
        public Optional<String> role() {
            return roles.size() == 1 ? Optional.of(roles.get(0)) : Optional.empty();
        }
    }

    /**
     * What the operator states about a driver.
     *
     * @param fenceClass A to D: what keeps a second writer out
     * @param sharing whether several machines may write to one volume of it
     */
    public record DriverPolicy(FenceClass fenceClass, Sharing sharing) {
        public DriverPolicy(FenceClass fenceClass) {
            this(fenceClass, Sharing.EXCLUSIVE);
        }
    }

    /** Whether a volume can be mounted read-write on several machines. */
    public enum Sharing {
        /** A block device or the like: one machine at a time. */
        EXCLUSIVE,
        /** A shared file system, which keeps its writers apart by itself. */
        SHARED
    }

    /** The plugin that a name in an app definition means here. */
    public DriverName resolve(DriverName written) {
        return aliases.getOrDefault(written, written);
    }

    /** The class of a driver that nobody declared is D. */
    FenceClass declaredClass(DriverName driver) {
        DriverPolicy declared = drivers.get(driver);
        return declared == null ? FenceClass.D : declared.fenceClass();
    }

    /** The class to count on: what is declared, or what a plugin reports if that is worse. */
    public FenceClass fenceClass(DriverName driver, ClusterState state) {
        FenceClass promised = declaredClass(driver);
        return state.reportedClass(driver)
                .filter(reported -> reported.compareTo(promised) > 0)
                .orElse(promised);
    }

    /** A driver that nobody declared shared is taken for a block device. */
    public Sharing sharing(DriverName driver) {
        DriverPolicy declared = drivers.get(driver);
        return declared == null ? Sharing.EXCLUSIVE : declared.sharing();
    }
}
