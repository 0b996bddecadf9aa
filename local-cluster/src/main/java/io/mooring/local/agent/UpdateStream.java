package io.mooring.local.agent;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/**
 * The status updates of one task, in order: the next is held back until the one before is acknowledged, which is sent
 * again after 10 s, 20 s, 40 s and so on up to 10 min.
 */
final class UpdateStream {
    private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
    private static final Duration LAST_RETRY = Duration.ofMinutes(10);

    private final Deque<TaskStatus> waiting = new ArrayDeque<>();
    private final Set<ByteString> seen = new HashSet<>();
    private Duration retry = FIRST_RETRY;
    private TaskState latest = TaskState.TASK_STAGING;

    /** Takes an update behind the others. @return false if it has been here already */
    boolean add(TaskStatus status) {
        if (!seen.add(status.getUuid())) {
            return false;
        }
        waiting.add(status);
        latest = status.getState();
        return true;
    }

    /** The update that waits for its acknowledgement. */
    Optional<TaskStatus> head() {
        return Optional.ofNullable(waiting.peek());
    }

    /** All that is not acknowledged, oldest first. */
    List<TaskStatus> pending() {
        return List.copyOf(waiting);
    }

    /** Gives true if that was what the stream waited for; anything else is a late duplicate. */
    boolean acknowledge(ByteString uuid) {
        boolean expected =
                head().filter(status -> status.getUuid().equals(uuid)).isPresent();
        if (expected) {
            waiting.remove();
            retry = FIRST_RETRY;
        }
        return expected;
    }

    /** How long to wait before the head is sent again; longer each time. */
    Duration nextRetry() {
        Duration now = retry;
        Duration doubled = retry.multipliedBy(2);
        retry = doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled;
        return now;
    }

    /** The newest state, acknowledged or not. */
    TaskState latest() {
        return latest;
    }
}
