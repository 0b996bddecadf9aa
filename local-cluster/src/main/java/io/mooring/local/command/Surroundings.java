package io.mooring.local.command;

import java.io.IOException;
import java.time.Duration;
import java.util.function.IntConsumer;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskStatus;

/** What the life of a command task touches. All that comes back comes on the one thread that the task lives on. */
interface Surroundings {
    /** Sends an update, after all those before. */
    void send(TaskStatus status);

    /** Runs the action later, unless the answer is run before. */
    Runnable after(Duration delay, Runnable action);

    /**
     * Starts the command.
     *
     * @param ended is given the exit code once
     * @throws IOException if it cannot be started
     */
    Running start(TaskInfo task, IntConsumer ended) throws IOException;

    /** Begins to check the task, if it asks for that. */
    TaskChecks check(TaskInfo task, TaskChecks.Listener listener);

    /** The time on the clock on the wall, in seconds. */
    double now();

    /** A clock that never jumps. */
    Duration uptime();

    /** The framework knows the state KILLING. */
    boolean reportsKilling();

    /** The executor is done. */
    void leave();

    /** The command with all its processes. */
    interface Running {
        void terminate();

        void kill();
    }
}
