package io.mooring.scheduler.decision;

import io.mooring.common.command.ExecutorReport.AttachmentSeen;
import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.volume.Volume;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reconstructs claims from what survives without the store: the labels of running tasks, the attachments that backends
 * list, and the journals of machines. Nothing is changed; it is what a person compares with what is on record after the
 * store was lost or restored.
 */
public final class Survivors {
    private static final String LABEL = "mooring.claim.";

    private final ClusterState state;
    private final SortedMap<String, SortedMap<String, Trace>> traces = new TreeMap<>();

    Survivors(ClusterState state) {
        this.state = state;
    }

    /** A task as Mesos has it. */
    public record LabelledTask(TaskId task, AgentId agent, Map<String, String> labels) {}

    /** One trace of a claim. */
    public record Trace(
            VolumeName volume,
            String driver,
            Optional<ClaimId> claim,
            OptionalLong fence,
            Optional<TaskId> task,
            Optional<MachineKey> machine,
            Optional<BootId> boot,
            List<String> sources,
            String verdict) {
        public Trace {
            sources = List.copyOf(sources);
        }
    }

    /** All traces, by volume. */
    List<Trace> find(List<LabelledTask> tasks) {
        tasks.forEach(this::labels);
        state.agents().forEach(this::attachments);
        state.agents().forEach(this::journals);
        return traces.values().stream()
                .map(Map::values)
                .flatMap(Collection::stream)
                .map(this::judged)
                .toList();
    }

    private void labels(LabelledTask task) {
        task.labels().forEach((label, value) -> {
            String[] words = value.split(" ");
            if (label.startsWith(LABEL) && words.length == 4 && words[1].matches("[0-9]{1,18}")) {
                Optional<Agent> agent = state.agent(task.agent());
                add(new Trace(
                        new VolumeName(words[3]),
                        words[2],
                        Optional.of(new ClaimId(words[0])),
                        OptionalLong.of(Long.parseLong(words[1])),
                        Optional.of(task.task()),
                        agent.flatMap(Agent::machine),
                        agent.flatMap(Agent::boot),
                        List.of("label of a running task"),
                        ""));
            }
        });
    }

    private void attachments(Agent agent) {
        for (PluginReport plugin : agent.plugins()) {
            plugin.volumes().forEach(seen -> seen.attachment()
                    .ifPresent(attachment -> add(trace(plugin, seen.volume(), attachment))));
        }
    }

    private static Trace trace(PluginReport plugin, VolumeName volume, AttachmentSeen attachment) {
        return new Trace(
                volume,
                plugin.driver().value(),
                attachment.claim(),
                attachment.fence(),
                Optional.empty(),
                Optional.of(attachment.machine()),
                attachment.boot(),
                List.of("attachment in the backend of " + plugin.driver()),
                "");
    }

    private void journals(Agent agent) {
        for (VolumeName volume : agent.unclean()) {
            add(new Trace(
                    volume,
                    state.volume(volume).map(known -> known.driver().value()).orElse(""),
                    Optional.empty(),
                    OptionalLong.empty(),
                    Optional.empty(),
                    agent.machine(),
                    agent.boot(),
                    List.of("journal of a machine that was not cleaned"),
                    ""));
        }
    }

    /** Traces of one claim are one; what the first does not know, the next may. */
    private void add(Trace found) {
        String who = found.claim()
                .map(ClaimId::value)
                .orElseGet(() -> "on " + found.machine().map(MachineKey::value).orElse("?"));
        traces.computeIfAbsent(found.volume().key(), volume -> new TreeMap<>()).merge(who, found, Survivors::joined);
    }

    private static Trace joined(Trace one, Trace other) {
        List<String> sources = new ArrayList<>(one.sources());
        other.sources().stream().filter(source -> !sources.contains(source)).forEach(sources::add);
        return new Trace(
                one.volume(),
                one.driver().isEmpty() ? other.driver() : one.driver(),
                one.claim(),
                one.fence().isPresent() ? one.fence() : other.fence(),
                one.task().or(other::task),
                one.machine().or(other::machine),
                one.boot().or(other::boot),
                sources,
                "");
    }

    private Trace judged(Trace trace) {
        return new Trace(
                trace.volume(),
                trace.driver(),
                trace.claim(),
                trace.fence(),
                trace.task(),
                trace.machine(),
                trace.boot(),
                trace.sources(),
                verdict(trace));
    }

    private String verdict(Trace trace) {
        Optional<Volume> volume = state.volume(trace.volume());
        if (volume.isEmpty()) {
            return "the volume is not on record: import it, and give it a fence above "
                    + (trace.fence().isPresent() ? trace.fence().getAsLong() : 0);
        }
        Optional<Claim> claim = trace.claim().flatMap(state::claim);
        if (claim.isPresent()) {
            return "on record, " + claim.get().state();
        }
        if (trace.fence().isPresent()
                && trace.fence().getAsLong() > volume.get().fence()) {
            return "the fence on record is " + volume.get().fence() + ": the store went back in time";
        }
        return trace.claim().isPresent() ? "the claim is not on record" : "somebody may have the volume";
    }
}
