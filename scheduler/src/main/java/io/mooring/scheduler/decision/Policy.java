package io.mooring.scheduler.decision;

import io.mooring.common.volume.DriverName;
import io.mooring.scheduler.definition.Resources;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
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
 * @param launchTimeout until a launch that was not heard of is called off
 * @param killRetry until a kill is sent again the first time; doubled each time up to five minutes
 * @param inspectEvery how old an agent's report may get
 * @param idleRefusal how long offers are refused while nothing waits
 * @param busyRefusal how long they are refused while something waits that cannot use them
 */
public record Policy(
        long epoch,
        Resources executor,
        Map<DriverName, DriverName> aliases,
        Map<DriverName, DriverPolicy> drivers,
        String defaultVolumePath,
        long defaultVolumeGb,
        Duration launchTimeout,
        Duration killRetry,
        Duration inspectEvery,
        Duration idleRefusal,
        Duration busyRefusal) {
    public Policy {
        aliases = Collections.unmodifiableMap(new TreeMap<>(aliases));
        drivers = Collections.unmodifiableMap(new TreeMap<>(drivers));
    }

    /**
     * What the operator states about a driver.
     *
     * @param fenceClass A to D: what keeps a second writer out
     */
    public record DriverPolicy(FenceClass fenceClass) {}

    /** The guarantee that a backend gives. */
    public enum FenceClass {
        /** The backend can cut a machine off. */
        A,
        /** The backend refuses a second attachment, and a forced detach cuts the first one's access. */
        B,
        /** A lock that its users have to heed. */
        C,
        /** Nothing. */
        D
    }

    /** The plugin that a name in an app definition means here. */
    public DriverName resolve(DriverName written) {
        return aliases.getOrDefault(written, written);
    }

    /** The class of a driver that nobody declared is D. */
    public FenceClass fenceClass(DriverName driver) {
        DriverPolicy declared = drivers.get(driver);
        return declared == null ? FenceClass.D : declared.fenceClass();
    }
}
