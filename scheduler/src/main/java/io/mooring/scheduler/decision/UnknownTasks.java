package io.mooring.scheduler.decision;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Discrepancies.Name;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.task.Report;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tasks that run and are not on record. Records of apps' tasks stay until Mesos reports their end, so a running one means
 * that the store lost something: nothing is granted, and nothing killed, until a person has looked. One-shot tasks hold
 * nothing and are ended.
 */
final class UnknownTasks {
    private final ClusterState state;
    private final SafeMode safeMode;
    private final Demand demand;
    private final SortedMap<TaskId, AgentId> running = new TreeMap<>();
    private final SortedMap<TaskId, AgentId> condemned = new TreeMap<>();

    UnknownTasks(ClusterState state, SafeMode safeMode, Demand demand) {
        this.state = state;
        this.demand = demand;
        this.safeMode = safeMode;
    }

    void on(StatusUpdate update, Decision decision) {
        TaskId task = update.task();
        if (update.report().meaning() != Report.Meaning.ALIVE || update.agent().isEmpty()) {
            // One that nobody reaches may be writing still.
            boolean over =
                    update.report().meaning() == Report.Meaning.ENDED || update.report() == Report.GONE_BY_OPERATOR;
            if (condemned.containsKey(task) && !over) {
                return;
            }
            if (condemned.remove(task) != null) {
                demand.changed();
            }
            running.remove(task);
            if (over && !OperationDecisions.oneShot(task)) {
                decision.publish("unknown_task_ended", Facts.of("task", task).and("report", update.report()));
            }
            state.discrepancies().clear(Name.UNKNOWN_TASK, task.value());
            return;
        }
        AgentId agent = update.agent().get();
        if (OperationDecisions.oneShot(task) || condemned.containsKey(task)) {
            kill(task, agent, decision);
            return;
        }
        running.put(task, agent);
        String what = "task " + task + " runs on agent " + agent
                + " and is not on record: the store went back in time, or another scheduler uses this framework";
        state.discrepancies().put(Name.UNKNOWN_TASK, task.value(), what, decision.now());
        safeMode.enter(what, decision);
    }

    /**
     * The operator lets the scheduler go on: what nobody knows is ended, and waited for. Saying it again ends the wait for
     * those that have not answered.
     */
    void end(Decision decision) {
        condemned.clear();
        running.forEach((task, agent) -> {
            kill(task, agent, decision);
            condemned.put(task, agent);
            state.discrepancies().put(Name.UNKNOWN_TASK, task.value(), waitedFor(task, agent), decision.now());
        });
        running.clear();
    }

    /** Why nothing may be granted even after the operator's word: which volumes such a task has is not on record. */
    Optional<String> inTheWay() {
        return condemned.isEmpty()
                ? Optional.empty()
                : Optional.of(waitedFor(condemned.firstKey(), condemned.get(condemned.firstKey())));
    }

    private static String waitedFor(TaskId task, AgentId agent) {
        return "task " + task + " on agent " + agent + ", which is not on record, was told to end and has not yet; once"
                + " you know that it does not run, say mooring safe-mode off again";
    }

    private static void kill(TaskId task, AgentId agent, Decision decision) {
        decision.publish("unknown_task_killed", Facts.of("task", task));
        decision.effect(new Effect.KillTask(task, agent, Optional.empty()));
    }
}
