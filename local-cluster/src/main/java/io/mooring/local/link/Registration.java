package io.mooring.local.link;

import java.util.List;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Operation;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Task;

/**
 * What an agent brings when it registers.
 *
 * @param agent with an id if a master gave it one earlier
 * @param frameworks of the executors
 * @param executors that run, with the id of their framework
 * @param tasks that the agent knows: those that are not terminal and those whose terminal update is not acknowledged
 * @param total the resources with all reservations and volumes made so far
 * @param operations whose last status is not acknowledged
 */
public record Registration(
        AgentInfo agent,
        List<FrameworkInfo> frameworks,
        List<ExecutorInfo> executors,
        List<Task> tasks,
        List<Resource> total,
        List<Operation> operations) {
    public Registration {
        frameworks = List.copyOf(frameworks);
        executors = List.copyOf(executors);
        tasks = List.copyOf(tasks);
        total = List.copyOf(total);
        operations = List.copyOf(operations);
    }
}
