package io.mooring.local.agent;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.local.container.Container;
import io.mooring.local.container.ProcessTable;
import io.mooring.local.legacy.Messages;
import io.mooring.local.resource.Resources;
import java.time.Instant;
import org.apache.mesos.v1.Protos.ContainerStatus;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.ResourceStatistics;
import org.apache.mesos.v1.agent.Protos.Response;

/**
 * An executor's container as operators see it, with what it uses by the moment it is asked. Looking at its processes takes a while, so it is not done
 * on the agent's loop.
 *
 * @param limits what the executor and its tasks may take
 */
record RunningContainer(ExecutorInfo executor, ContainerStatus status, Container processes, Resources limits) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MEBIBYTE = 1 << 20;

    static RunningContainer of(ExecutorRun run, Container processes, Resources limits) {
        return new RunningContainer(
                AgentView.described(run),
                run.containerStatus().toBuilder().clearNetworkInfos().build(),
                processes,
                limits);
    }

    /** Of isolators that only count: {@code posix/cpu} and {@code posix/mem}. */
    ResourceStatistics statistics() {
        ProcessTable.Usage usage = processes.usage();
        long memory = Math.round(limits.scalar("mem") * MEBIBYTE);
        Instant now = Instant.now();
        return ResourceStatistics.newBuilder()
                .setTimestamp(now.getEpochSecond() + now.getNano() / 1e9)
                .setCpusUserTimeSecs(usage.userSeconds())
                .setCpusSystemTimeSecs(usage.systemSeconds())
                .setCpusSoftLimit(limits.scalar("cpus"))
                .setMemLimitBytes(memory)
                .setMemSoftLimitBytes(memory)
                .setMemRssBytes(usage.rssBytes())
                .build();
    }

    Response.GetContainers.Container message() {
        return Response.GetContainers.Container.newBuilder()
                .setFrameworkId(executor.getFrameworkId())
                .setExecutorId(executor.getExecutorId())
                .setExecutorName(executor.getName())
                .setContainerId(status.getContainerId())
                .setContainerStatus(status)
                .setResourceStatistics(statistics())
                .build();
    }

    /** As {@code /monitor/statistics} gives it. */
    @SuppressWarnings("deprecation") // the original writes the old source too
    ObjectNode monitored() {
        ObjectNode each = JSON.createObjectNode()
                .put("executor_id", executor.getExecutorId().getValue())
                .put("executor_name", executor.getName())
                .put("framework_id", executor.getFrameworkId().getValue())
                .put("source", executor.getSource());
        each.set("statistics", Messages.json(statistics()));
        return each;
    }

    /** As {@code /containers} gives it. */
    ObjectNode json() {
        ObjectNode each =
                monitored().put("container_id", status.getContainerId().getValue());
        each.set("status", Messages.json(status));
        return each;
    }
}
