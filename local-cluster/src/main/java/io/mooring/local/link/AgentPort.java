package io.mooring.local.link;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Operation;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;

/** What a master says to an agent. Calls only queue; nothing is answered directly. */
public interface AgentPort {
    /**
     * The master took the agent in under this id; updates that wait may be forwarded now.
     *
     * @param pingTimeout without a ping for that long the master has given the agent up
     */
    void registered(AgentID id, Duration pingTimeout);

    /** The master will never take this agent again; it has to end its executors and itself. */
    void refused(String reason);

    /** Are you there? The answer is {@link MasterPort#pong}. */
    void ping();

    /**
     * Launch the task in its executor, starting that if it does not run. A task without an executor is a command: the
     * agent makes an executor for it, of which the master knows nothing.
     */
    void runTask(FrameworkInfo framework, TaskInfo task);

    /** Launch all of the tasks or none, in the executor, by one event; each of them names the executor too. */
    void runTaskGroup(FrameworkInfo framework, ExecutorInfo executor, List<TaskInfo> tasks);

    /**
     * Change what the agent's resources are: reserve, create a volume and so on. The answer is
     * {@link MasterPort#operationUpdate}.
     */
    void applyOperation(Operation operation);

    /** The status of the operation is known where it has to be known. */
    void acknowledgeOperation(ByteString operationUuid, ByteString statusUuid);

    /** Another master leads now: register with it. */
    void masterChanged();

    void killTask(FrameworkID framework, TaskID task, Optional<KillPolicy> policy);

    void shutdownExecutor(FrameworkID framework, ExecutorID executor);

    /** The framework is gone: end all of its executors, keep none of its updates. */
    void shutdownFramework(FrameworkID framework);

    /** The framework has subscribed anew: what it has not acknowledged is sent again at once. */
    void frameworkResubscribed(FrameworkInfo framework);

    void acknowledge(FrameworkID framework, TaskID task, ByteString uuid);

    void message(FrameworkID framework, ExecutorID executor, ByteString data);

    /** Kill all tasks, with at most the grace period of the configuration. */
    void drain(DrainConfig config);

    /** The operator took the agent back: draining is over. */
    void reactivate();
}
