package io.mooring.plugin.volume;

/** On whose behalf a volume is attached. */
public sealed interface Holder {
    /**
     * A claim of the scheduler. Its fence grows with each claim of the volume.
     *
     * @param claimId the claim
     * @param fence its fence, at least 1
     */
    record Claim(String claimId, long fence) implements Holder {
        public Claim {
            if (fence < 1) {
                throw new IllegalArgumentException("fence is " + fence + ", must be at least 1");
            }
        }
    }

    /** Whoever else speaks the Docker protocol: a Docker Engine, dvdcli. */
    record DockerCaller() implements Holder {}
}
