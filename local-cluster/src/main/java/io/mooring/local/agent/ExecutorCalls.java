package io.mooring.local.agent;

import io.mooring.local.wire.RefusedException;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.executor.Protos.Call;

/** What an executor call must contain before anyone looks at it. */
final class ExecutorCalls {
    private static final int UUID_BYTES = 16;

    private ExecutorCalls() {}

    /** Refuses with 400 in Mesos' words. */
    static void validate(Call call) throws RefusedException {
        expect(call.hasType(), "type");
        switch (call.getType()) {
            case SUBSCRIBE -> expect(call.hasSubscribe(), "subscribe");
            case MESSAGE -> expect(call.hasMessage(), "message");
            case UPDATE -> {
                expect(call.hasUpdate(), "update");
                validate(call, call.getUpdate().getStatus());
            }
            case HEARTBEAT, UNKNOWN -> {}
        }
    }

    private static void validate(Call call, TaskStatus status) throws RefusedException {
        String executor = call.getExecutorId().getValue();
        String framework = call.getFrameworkId().getValue();
        expect(status.hasUuid(), "uuid");
        if (status.getUuid().size() != UUID_BYTES) {
            throw refused("Not a valid UUID");
        }
        if (status.hasExecutorId() && !status.getExecutorId().getValue().equals(executor)) {
            throw refused("ExecutorID in Call: " + executor + " does not match ExecutorID in TaskStatus: "
                    + status.getExecutorId().getValue());
        }
        if (status.getSource() != TaskStatus.Source.SOURCE_EXECUTOR) {
            throw refused("Received Call from executor " + executor + " of framework " + framework
                    + " with invalid source, expecting 'SOURCE_EXECUTOR'");
        }
        if (status.getState() == TaskState.TASK_STAGING) {
            throw refused("Received TASK_STAGING from executor " + executor + " of framework " + framework
                    + " which is not allowed");
        }
    }

    private static void expect(boolean present, String field) throws RefusedException {
        if (!present) {
            throw refused("Expecting '" + field + "' to be present");
        }
    }

    private static RefusedException refused(String text) {
        return RefusedException.of(400, "Failed to validate Executor::Call: " + text);
    }
}
