package io.mooring.scheduler.decision;

import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.PluginHealth;
import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Discrepancies.Name;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is learned of agents: their reports, their loss, and machines that cannot be told apart. */
final class AgentDecisions {
    private final ClusterState state;
    private final OperatorDecisions operator;
    private final OperationDecisions operations;
    private final Demand demand;
    private final Set<AgentId> heard = new HashSet<>();

    AgentDecisions(ClusterState state, OperatorDecisions operator, OperationDecisions operations, Demand demand) {
        this.state = state;
        this.operator = operator;
        this.operations = operations;
        this.demand = demand;
    }

    /** While nobody listened an agent may have gone, and another may have come on the same machine. */
    void subscribed() {
        heard.clear();
    }

    /** The agent offers something, or one of its executors spoke. */
    void heard(AgentId agent) {
        heard.add(agent);
    }

    void inspected(Task task, AgentReport report, Decision decision) {
        heard(task.agent());
        Optional<Agent> agent = state.agent(task.agent());
        if (agent.isPresent()) {
            state.putAgent(agent.get().reported(report, decision.now()));
            operator.agentSeen(agent.get());
        }
        report.plugins().stream()
                .filter(plugin -> plugin.healthy() && plugin.globalScope())
                .forEach(plugin -> importable(plugin, decision));
        compareBoots(report.machine(), decision);
    }

    /**
     * An executor asked a plugin of its running task. One that is silent takes no new volumes; one that answers again is
     * looked at as a whole before it does.
     */
    void pluginHeard(AgentId id, PluginHealth heard, Decision decision) {
        Optional<Agent> agent = state.agent(id);
        Optional<PluginReport> known = agent.flatMap(found -> found.plugin(heard.driver()));
        if (known.isEmpty() || known.get().healthy() == heard.trouble().isEmpty()) {
            return;
        }
        if (heard.trouble().isPresent()) {
            state.putAgent(agent.get().with(known.get().silent(heard.trouble().get())));
            decision.publish(
                    "plugin_silent",
                    Facts.of("agent", id)
                            .and("plugin", heard.driver())
                            .and("why", heard.trouble().get()));
        } else {
            operations.inspect(id);
            demand.changed();
            decision.publish("plugin_answers", Facts.of("agent", id).and("plugin", heard.driver()));
        }
    }

    /** Its tasks were reported unreachable. */
    void unreachable(AgentId id, Decision decision) {
        Optional<Agent> known = state.agent(id);
        if (known.isEmpty()) {
            operator.agentLost(id, decision); // a new leader hears of it before it has seen an offer
        }
        known.filter(agent -> agent.state() == Agent.State.ACTIVE)
                .ifPresent(agent -> gone(agent, Agent.State.UNREACHABLE, decision));
    }

    /** Mesos does not have it among those that are there, since nobody knows when: its loss is no news. */
    void missed(AgentId id, Decision decision) {
        Optional<Agent> known = state.agent(id).filter(agent -> agent.state() == Agent.State.ACTIVE);
        if (known.isPresent()) {
            state.putAgent(known.get().in(Agent.State.UNREACHABLE));
            known.get().machine().ifPresent(machine -> compareBoots(machine, decision));
        }
    }

    /** Mesos says that the agent is gone from its list. */
    void removed(AgentId id, Decision decision) {
        state.agent(id).ifPresent(agent -> gone(agent, Agent.State.REMOVED, decision));
        decision.publish("agent_removed", Facts.of("agent", id));
    }

    private void gone(Agent agent, Agent.State next, Decision decision) {
        state.putAgent(agent.in(next));
        if (agent.state() == Agent.State.ACTIVE) {
            operator.agentLost(agent.id(), decision);
        }
        agent.machine().ifPresent(machine -> compareBoots(machine, decision));
    }

    /** Volumes that the backend has and nobody declared here; they are told, never touched. */
    private void importable(PluginReport plugin, Decision decision) {
        Set<String> subjects = new TreeSet<>();
        plugin.volumes().stream()
                .filter(seen -> state.volume(seen.volume()).isEmpty())
                .forEach(seen -> {
                    String subject = plugin.driver() + "/" + seen.volume();
                    subjects.add(subject);
                    state.discrepancies()
                            .put(
                                    Name.UNKNOWN_VOLUME,
                                    subject,
                                    "volume " + seen.volume() + " of " + plugin.driver()
                                            + " is not on record; it can be imported",
                                    decision.now());
                });
        state.discrepancies().retain(Name.UNKNOWN_VOLUME, plugin.driver() + "/", subjects);
    }

    /** Two boots alive under one key are two machines, and nothing that either says proves anything about the other. */
    private void compareBoots(MachineKey key, Decision decision) {
        Set<String> boots = boots(key);
        if (boots.size() > 1) {
            retireUnheard(key);
            boots = boots(key);
        }
        Optional<Machine> known = state.machine(key);
        boolean quarantined = known.flatMap(Machine::quarantine).isPresent();
        if (boots.size() > 1) {
            String why = "machine " + key + " is alive on two boots at once: " + String.join(", ", boots)
                    + "; give each machine an id of its own";
            state.discrepancies().put(Name.TWO_BOOTS, key.value(), why, decision.now());
            if (!quarantined) {
                Machine machine =
                        known.orElseGet(() -> Machine.seen(key, List.of(), Optional.empty(), Optional.empty()));
                decision.record(new StoreRecord.PutMachine(machine.quarantined(Optional.of(why))));
                decision.publish("machine_quarantined", Facts.of("machine", key).and("why", why));
            }
        } else {
            state.discrepancies().clear(Name.TWO_BOOTS, key.value());
            if (quarantined) {
                decision.record(new StoreRecord.PutMachine(known.get().quarantined(Optional.empty())));
                decision.publish("machine_quarantine_ended", Facts.of("machine", key));
            }
        }
    }

    private Set<String> boots(MachineKey key) {
        return activeOn(key).stream()
                .flatMap(agent -> agent.boot().stream())
                .map(BootId::value)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Agents that gave no sign since the subscription began were lost while nobody listened. Not one that runs or holds
     * something: were it a clone that is merely busy, the other's boot would free what it still has.
     */
    private void retireUnheard(MachineKey key) {
        activeOn(key).stream()
                .filter(agent -> !heard.contains(agent.id()) && !busy(agent, key))
                .forEach(agent -> state.putAgent(agent.in(Agent.State.UNREACHABLE)));
    }

    private boolean busy(Agent agent, MachineKey key) {
        return state.tasksOn(key).stream()
                        .anyMatch(task -> task.agent().equals(agent.id()) && task.state() != TaskState.ENDED)
                || state.claims().stream().anyMatch(claim -> claim.agent().equals(agent.id()));
    }

    private List<Agent> activeOn(MachineKey key) {
        return state.agents().stream()
                .filter(agent ->
                        agent.state() == Agent.State.ACTIVE && agent.machine().equals(Optional.of(key)))
                .toList();
    }
}
