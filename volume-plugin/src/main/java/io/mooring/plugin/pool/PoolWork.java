package io.mooring.plugin.pool;

import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;

/** Work on records of the pool. */
public interface PoolWork<T> {
    T run() throws IOException, VolumeException;
}
