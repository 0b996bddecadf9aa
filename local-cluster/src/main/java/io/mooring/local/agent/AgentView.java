package io.mooring.local.agent;

import io.mooring.local.resource.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.agent.Protos.Response;

/** What an agent knows, in the messages of its operator API. Valid only while the agent answers one question. */
final class AgentView {
    private final AgentParts parts;
    private final TaskViews tasks;

    AgentView(AgentParts parts) {
        this.parts = parts;
        this.tasks = new TaskViews(parts.updates());
    }

    AgentInfo info() {
        return parts.state().info;
    }

    AgentSettings settings() {
        return parts.settings();
    }

    Optional<DrainConfig> draining() {
        return parts.state().draining;
    }

    /** With all reservations and volumes made so far. */
    Resources total() {
        return Resources.of(parts.operations().total());
    }

    /** Runs that are not over, or have something left to tell; by framework. */
    Map<FrameworkInfo, List<ExecutorRun>> active() {
        return byFramework(parts.state().all());
    }

    /** Runs that are over, of frameworks that have others. */
    List<ExecutorRun> completedOf(FrameworkInfo framework) {
        return parts.state().completed().stream()
                .filter(run -> run.frameworkId().equals(framework.getId().getValue()))
                .toList();
    }

    /** Frameworks of which nothing is left here but memory. */
    List<FrameworkInfo> completedFrameworks() {
        return byFramework(parts.state().completed()).keySet().stream()
                .filter(framework ->
                        !parts.state().knowsFramework(framework.getId().getValue()))
                .toList();
    }

    private static Map<FrameworkInfo, List<ExecutorRun>> byFramework(List<ExecutorRun> runs) {
        Map<String, FrameworkInfo> newest = new LinkedHashMap<>();
        runs.forEach(run -> newest.put(run.frameworkId(), run.framework));
        Map<FrameworkInfo, List<ExecutorRun>> grouped = new LinkedHashMap<>();
        newest.forEach((id, framework) -> grouped.put(
                framework,
                runs.stream().filter(run -> run.frameworkId().equals(id)).toList()));
        return grouped;
    }

    /** The executor as the framework or the agent described it. */
    static ExecutorInfo described(ExecutorRun run) {
        return run.executor.toBuilder().setFrameworkId(run.framework.getId()).build();
    }

    /** What the executor and its tasks that are not over may take. */
    Resources allocated(ExecutorRun run) {
        Resources all = Resources.of(run.executor.getResourcesList());
        List<Task> open = new ArrayList<>(queued(run));
        open.addAll(launched(run));
        for (Task task : open) {
            all = all.plus(Resources.of(task.getResourcesList()));
        }
        return all;
    }

    /** What all executors may take. */
    Resources allocated() {
        return parts.state().running().stream().map(this::allocated).reduce(Resources.none(), Resources::plus);
    }

    List<Task> queued(ExecutorRun run) {
        return run.queued.values().stream().map(task -> tasks.shown(run, task)).toList();
    }

    List<Task> launched(ExecutorRun run) {
        return open(run, false);
    }

    /** Whose end the framework has not acknowledged. */
    List<Task> terminated(ExecutorRun run) {
        return open(run, true);
    }

    private List<Task> open(ExecutorRun run, boolean over) {
        List<Task> found = new ArrayList<>();
        for (TaskInfo each : run.launched.values()) {
            Task task = tasks.shown(run, each);
            if (Tasks.isTerminal(task.getState()) == over) {
                found.add(task);
            }
        }
        return found;
    }

    Response.GetAgent agent() {
        Response.GetAgent.Builder agent = Response.GetAgent.newBuilder().setAgentInfo(info());
        draining().ifPresent(agent::setDrainConfig);
        return agent.build();
    }

    Response.GetFrameworks frameworks() {
        Response.GetFrameworks.Builder all = Response.GetFrameworks.newBuilder();
        active().keySet().forEach(framework -> all.addFrameworks(framework(framework)));
        completedFrameworks().forEach(framework -> all.addCompletedFrameworks(framework(framework)));
        return all.build();
    }

    private static Response.GetFrameworks.Framework framework(FrameworkInfo info) {
        return Response.GetFrameworks.Framework.newBuilder()
                .setFrameworkInfo(info)
                .build();
    }

    Response.GetExecutors executors() {
        Response.GetExecutors.Builder all = Response.GetExecutors.newBuilder();
        parts.state().all().forEach(run -> all.addExecutors(executor(run)));
        parts.state().completed().forEach(run -> all.addCompletedExecutors(executor(run)));
        return all.build();
    }

    private static Response.GetExecutors.Executor executor(ExecutorRun run) {
        return Response.GetExecutors.Executor.newBuilder()
                .setExecutorInfo(described(run))
                .build();
    }

    Response.GetTasks tasks() {
        Response.GetTasks.Builder all = Response.GetTasks.newBuilder();
        List<ExecutorRun> runs = new ArrayList<>(parts.state().all());
        runs.addAll(parts.state().completed());
        for (ExecutorRun run : runs) {
            all.addAllQueuedTasks(queued(run))
                    .addAllLaunchedTasks(launched(run))
                    .addAllTerminatedTasks(terminated(run))
                    .addAllCompletedTasks(run.completed);
        }
        return all.build();
    }

    Response.GetState all() {
        return Response.GetState.newBuilder()
                .setGetTasks(tasks())
                .setGetExecutors(executors())
                .setGetFrameworks(frameworks())
                .build();
    }

    /** Those executors whose processes run. */
    List<RunningContainer> containers() {
        return parts.state().running().stream()
                .flatMap(run ->
                        run.container.map(processes -> RunningContainer.of(run, processes, allocated(run))).stream())
                .toList();
    }
}
