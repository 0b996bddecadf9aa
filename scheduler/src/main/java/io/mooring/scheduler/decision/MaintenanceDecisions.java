package io.mooring.scheduler.decision;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.OfferId;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Effect.AnswerInverseOffer.Answer;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.placement.Closing;
import io.mooring.scheduler.placement.InverseOffer;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.placement.Unavailability;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Agents that are to be down: scheduled maintenance, which Mesos announces with offers and asks about by inverse offers,
 * and draining, which shows in the reason of the kills. Nothing new is placed there, and what can move is moved before the
 * window begins. Not durable: Mesos announces it to each subscription anew.
 */
final class MaintenanceDecisions {
    /** Long enough to stop a task, let go of its volume and have it elsewhere. */
    static final Duration LEAD = Duration.ofMinutes(10);

    private static final Duration ASK_AGAIN = Duration.ofMinutes(1);

    private final ClusterState state;
    private final AppDecisions apps;
    private final Map<AgentId, Unavailability> windows = new TreeMap<>();
    private final Map<AgentId, Instant> draining = new TreeMap<>();
    private final Map<OfferId, AgentId> asked = new HashMap<>();

    MaintenanceDecisions(ClusterState state, AppDecisions apps) {
        this.state = state;
        this.apps = apps;
    }

    /** An offer says what is planned now; an agent that is being drained makes none. */
    void offered(Offer offer, Decision decision) {
        draining.remove(offer.agent());
        if (offer.unavailability().isPresent()) {
            planned(offer.agent(), offer.unavailability().get(), decision);
        } else {
            windows.remove(offer.agent());
        }
    }

    /** Accepted if whatever of ours is there can be elsewhere by then. */
    void inverseOffer(InverseOffer offer, Decision decision) {
        asked.put(offer.id(), offer.agent());
        planned(offer.agent(), offer.unavailability(), decision);
        Optional<String> bound = tasksOn(offer.agent()).stream()
                .map(this::bound)
                .flatMap(Optional::stream)
                .findFirst();
        decision.publish(
                bound.isPresent() ? "maintenance_declined" : "maintenance_accepted",
                Facts.of("agent", offer.agent())
                        .and("start", offer.unavailability().start())
                        .and("why", bound.orElse("all of its tasks can move")));
        decision.effect(new Effect.AnswerInverseOffer(
                offer.id(), bound.isPresent() ? Answer.DECLINE : Answer.ACCEPT, ASK_AGAIN));
    }

    /** What was planned is not planned any more, or is asked anew. */
    void rescinded(OfferId offer) {
        Optional.ofNullable(asked.remove(offer)).ifPresent(windows::remove);
    }

    /** A new subscription is told everything anew. */
    void subscribed() {
        windows.clear();
        asked.clear();
    }

    /** Mesos ends the agent's tasks, because it is to be emptied. */
    void draining(AgentId agent, Decision decision) {
        if (draining.putIfAbsent(agent, decision.now()) == null) {
            decision.publish("agent_draining", Facts.of("agent", agent));
        }
    }

    /** The same said by a master's list: what is still there and can move is moved, whether its kill has come or not. */
    void drained(Set<AgentId> agents, Decision decision) {
        draining.keySet().retainAll(agents);
        for (AgentId agent : agents) {
            if (state.agent(agent).isPresent() || !tasksOn(agent).isEmpty()) {
                draining(agent, decision);
                leave(agent, "task_leaves_drained_agent", decision);
            }
        }
    }

    /** Why the agent is not to be relied on for long. */
    Optional<Closing> closing(AgentId agent, Instant now) {
        if (draining.containsKey(agent)) {
            return Optional.of(new Closing(Closing.When.SOON, "Mesos drains the agent since " + draining.get(agent)));
        }
        Unavailability window = windows.get(agent);
        if (window == null || window.past(now)) {
            return Optional.empty();
        }
        String reason = "the agent is to be down for maintenance from " + window.start()
                + window.duration()
                        .map(length -> " for " + length.toMinutes() + " min")
                        .orElse(" on");
        boolean soon = !now.isBefore(window.start().minus(LEAD));
        return Optional.of(new Closing(soon ? Closing.When.SOON : Closing.When.LATER, reason));
    }

    /** Moves what can move, if the window still stands. */
    void due(AgentId agent, Decision decision) {
        boolean soon = closing(agent, decision.now())
                .filter(closing -> closing.when() == Closing.When.SOON)
                .isPresent();
        if (soon && windows.containsKey(agent)) {
            leave(agent, "task_leaves_for_maintenance", decision);
        }
    }

    private void leave(AgentId agent, String notice, Decision decision) {
        for (Task task : tasksOn(agent)) {
            if (task.goal() == Task.Goal.RUN
                    && task.state().live()
                    && bound(task).isEmpty()) {
                decision.publish(notice, Facts.of("task", task.id()).and("agent", agent));
                apps.stop(task, decision);
            }
        }
    }

    private void planned(AgentId agent, Unavailability window, Decision decision) {
        if (window.past(decision.now()) || window.equals(windows.put(agent, window))) {
            return;
        }
        Instant leave = window.start().minus(LEAD);
        decision.effect(new Effect.StartTimer(
                new Timer.LeaveAgent(agent), leave.isBefore(decision.now()) ? decision.now() : leave));
    }

    private List<Task> tasksOn(AgentId agent) {
        return state.tasks().stream()
                .filter(task ->
                        task.agent().equals(agent) && task.kind() == TaskKind.RUN && task.state() != TaskState.ENDED)
                .toList();
    }

    /** Why the task can be nowhere else; empty if it can. */
    private Optional<String> bound(Task task) {
        return state.claimsOf(task.id()).stream()
                .map(Claim::volume)
                .flatMap(volume -> state.volume(volume).stream())
                .filter(volume -> volume.home().isPresent())
                .findFirst()
                .map(Volume::name)
                .map(volume -> "volume " + volume + " of task " + task.id() + " exists on its machine only");
    }
}
