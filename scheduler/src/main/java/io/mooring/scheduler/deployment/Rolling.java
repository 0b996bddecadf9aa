package io.mooring.scheduler.deployment;

import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.UpgradeStrategy;

/**
 * The bounds within which an app's tasks are replaced, by Marathon's rules. Where they leave no room at all, one task more
 * than wanted is allowed; or one less, where the old task's volume has to be free first.
 *
 * @param wanted tasks
 * @param least how many have to be well, unless they cannot be replaced otherwise
 * @param most how many there may be, old and new
 */
public record Rolling(int wanted, int least, int most) {
    public static Rolling of(App app) {
        int wanted = app.wantedInstances();
        UpgradeStrategy usual =
                app.definition().volumes().isEmpty() ? UpgradeStrategy.USUAL : UpgradeStrategy.WITH_VOLUMES;
        UpgradeStrategy asked = app.definition().upkeep().upgrade().orElse(usual);
        int least = (int) Math.ceil(wanted * asked.minimumHealthCapacity());
        if (app.exclusive()) {
            return new Rolling(wanted, Math.min(least, Math.max(0, wanted - 1)), wanted);
        }
        int most = (int) (wanted * (1 + asked.maximumOverCapacity()));
        return new Rolling(wanted, least, least == most ? most + 1 : most);
    }

    /** How many of the old tasks that are well may be stopped now. */
    public int mayStop(int wellOld, int readyNew) {
        return Math.max(0, wellOld + readyNew - least);
    }

    /**
     * How many new tasks may be launched now.
     *
     * @param fresh new tasks that there are
     * @param all tasks that there are, with those that are being stopped
     */
    public int mayStart(int fresh, int all) {
        return Math.max(0, Math.min(wanted - fresh, most - all));
    }
}
