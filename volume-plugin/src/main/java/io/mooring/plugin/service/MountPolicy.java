package io.mooring.plugin.service;

import io.mooring.plugin.volume.Preempt;
import io.mooring.plugin.volume.UsedCount;
import io.mooring.plugin.volume.VolumeException;
import java.time.Duration;

/**
 * What the configuration says about mounting and unmounting.
 *
 * @param preempt whether another host's volume may be taken
 * @param usedCount whether one caller's unmount ends the uses of others
 * @param retryCount how often a failed mount is tried again
 * @param retryWait pause before each of those
 * @param unusedAfter how long a Docker caller's uses stand that nobody on this host seems to make
 */
public record MountPolicy(
        Preempt preempt, UsedCount usedCount, int retryCount, Duration retryWait, Duration unusedAfter) {
    void pauseBeforeRetry() throws VolumeException {
        try {
            Thread.sleep(retryWait.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VolumeException("given up because the service stops", e);
        }
    }
}
