package io.mooring.scheduler.definition;

/**
 * How much of an app stays up while its tasks are replaced, and how many more there may be meanwhile; both as a part of
 * its instances.
 */
public record UpgradeStrategy(double minimumHealthCapacity, double maximumOverCapacity) {
    /** Of an app without volumes. */
    public static final UpgradeStrategy USUAL = new UpgradeStrategy(1, 1);

    /** Of an app with volumes: Marathon's default, too. */
    public static final UpgradeStrategy WITH_VOLUMES = new UpgradeStrategy(0.5, 0);
}
