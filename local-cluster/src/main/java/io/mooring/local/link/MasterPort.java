package io.mooring.local.link;

import com.google.protobuf.ByteString;
import java.util.OptionalInt;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.Operation;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** What an agent says to the master. Calls only queue; nothing is answered directly. */
public interface MasterPort {
    /** The agent wants to be part of the cluster, for the first time or again. */
    void register(Registration registration, Link link);

    void pong(AgentID agent);

    /** The agent's process has ended or its connection broke. */
    void disconnected(AgentID agent);

    /** The agent leaves for good. */
    void unregister(AgentID agent);

    /** The newest status of an operation, which waits for its acknowledgement. */
    void operationUpdate(AgentID agent, Operation operation);

    /**
     * A status update that waits for its acknowledgement.
     *
     * @param latest the newest state that the agent knows, possibly newer than the update
     */
    void statusUpdate(AgentID agent, FrameworkID framework, TaskStatus status, TaskState latest);

    /**
     * The executor's container has ended.
     *
     * @param waitStatus as wait(2) gives it; absent when nobody could wait for it
     */
    void executorExited(AgentID agent, FrameworkID framework, ExecutorID executor, OptionalInt waitStatus);

    void executorMessage(AgentID agent, FrameworkID framework, ExecutorID executor, ByteString data);
}
