package io.mooring.executor.run;

import java.time.Duration;

/** One thing to do for the task, in the order given. */
public sealed interface TaskEffect {
    /** See whether the order can be carried out here; touch nothing. */
    record CheckOrder() implements TaskEffect {}

    /** Write the intent for every volume to the journal, and check the fences against the high-water marks. */
    record JournalIntent() implements TaskEffect {}

    /** TASK_STARTING, with the request to activate the claims if there are any. */
    record SendStarting() implements TaskEffect {}

    /** Repeat the request until an answer comes, and watch the clock. */
    record AwaitAnswer() implements TaskEffect {}

    /** Raise the high-water marks and journal the GO. */
    record JournalGo() implements TaskEffect {}

    /** Mount this volume. */
    record MountVolume(int index) implements TaskEffect {}

    /** Make the namespaces and start the workload in them. */
    record StartWorkload() implements TaskEffect {}

    /** TASK_RUNNING, with the mounts. */
    record SendRunning() implements TaskEffect {}

    /** TASK_KILLING, with the reason. */
    record SendKilling(String why) implements TaskEffect {}

    /** SIGTERM to everything in the workload's namespace, and SIGKILL when the grace is over. */
    record Terminate(Duration grace) implements TaskEffect {}

    /** SIGKILL at the latest that long after the SIGTERM. What was said before stands if it is sooner. */
    record ShortenGrace(Duration grace) implements TaskEffect {}

    /** SIGKILL to the namespace. */
    record Enforce() implements TaskEffect {}

    /** Give this volume back. */
    record ReleaseVolume(int index) implements TaskEffect {}

    /** The terminal update with the release record. */
    record SendTerminal(TaskEnd end) implements TaskEffect {}

    /** End the process. */
    record Leave() implements TaskEffect {}
}
