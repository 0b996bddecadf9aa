package io.mooring.executor.process;

import java.nio.file.Path;

/**
 * Where one volume is seen by the task.
 *
 * @param path without symbolic links
 * @param existing the deepest part of it that is there already
 */
record Place(Path path, Path existing, Making making) {
    /** What has to be made of it first. */
    enum Making {
        /** Nothing. */
        EXISTS,
        /** Directories in the sandbox. */
        IN_SANDBOX,
        /** Directories that only this task's mount namespace has. */
        IN_NAMESPACE
    }
}
