package io.mooring.local.master;

import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.maintenance.Protos.Schedule;

/**
 * What outlives a master: which agents were admitted, which are unreachable since when, which are gone for ever, which
 * machines are to be maintained, how much roles weigh. As in Mesos, frameworks and tasks are not in it; they come back with the frameworks and
 * the agents. The masters of one cluster share it, as real ones share their replicated log; only the leader writes.
 */
public final class Registry {
    /** In what list an agent is. */
    enum Kind {
        ADMITTED,
        UNREACHABLE,
        GONE,
        /** The next three say what an operator wants of an agent, whichever of the above it is. */
        DEACTIVATED,
        DRAINED,
        DRAINED_TO_GONE
    }

    private static final Set<Kind> WHEREABOUTS = EnumSet.of(Kind.ADMITTED, Kind.UNREACHABLE, Kind.GONE);

    /** Stands for a drain that lets tasks take their own time. */
    private static final long NO_BOUND = -1;

    private final Optional<RegistryFile> file;
    private final Map<Kind, TreeMap<String, Long>> agents = new EnumMap<>(Kind.class);
    private final Map<String, AgentInfo> infos = new TreeMap<>();
    private Schedule schedule = Schedule.getDefaultInstance();
    private List<MachineID> down = List.of();
    private final Map<String, Double> weights = new TreeMap<>();
    private boolean dirty;

    /** A registry in memory, or one kept in the file. @throws UncheckedIOException if the file cannot be read */
    public Registry(Optional<Path> file) {
        for (Kind kind : Kind.values()) {
            agents.put(kind, new TreeMap<>());
        }
        this.file = file.map(RegistryFile::new);
        this.file.flatMap(RegistryFile::read).ifPresent(content -> {
            agents.putAll(content.agents());
            infos.putAll(content.infos());
            schedule = content.schedule();
            down = content.down();
            weights.putAll(content.weights());
        });
    }

    /** Kept in memory until {@link #flush}, since many agents may come at once. */
    synchronized void admit(AgentInfo info) {
        String agent = info.getId().getValue();
        boolean same = info.equals(infos.put(agent, info)) && isAdmitted(agent);
        if (!same) {
            WHEREABOUTS.forEach(kind -> agents.get(kind).remove(agent));
            agents.get(Kind.ADMITTED).put(agent, 0L);
            dirty = true;
        }
    }

    /** Makes admissions durable. */
    synchronized void flush() {
        if (dirty) {
            save();
        }
    }

    synchronized void unreachable(String agent, TimeInfo since) {
        move(agent, Kind.UNREACHABLE, since.getNanoseconds());
    }

    synchronized void gone(String agent, long nanoseconds) {
        move(agent, Kind.GONE, nanoseconds);
    }

    /** It makes no offers until it is reactivated, whoever is restarted meanwhile. */
    synchronized void deactivate(String agent) {
        agents.get(Kind.DEACTIVATED).put(agent, 0L);
        save();
    }

    synchronized void drain(String agent, DrainConfig config) {
        Kind kind = config.getMarkGone() ? Kind.DRAINED_TO_GONE : Kind.DRAINED;
        long bound = config.hasMaxGracePeriod() ? config.getMaxGracePeriod().getNanoseconds() : NO_BOUND;
        agents.get(kind).put(agent, bound);
        deactivate(agent);
    }

    synchronized void reactivate(String agent) {
        agents.forEach((kind, ids) -> {
            if (!WHEREABOUTS.contains(kind)) {
                ids.remove(agent);
            }
        });
        save();
    }

    synchronized boolean isDeactivated(String agent) {
        return agents.get(Kind.DEACTIVATED).containsKey(agent);
    }

    /** How the agent is drained, if it is. */
    synchronized Optional<DrainConfig> drain(String agent) {
        for (Kind kind : EnumSet.of(Kind.DRAINED, Kind.DRAINED_TO_GONE)) {
            Long bound = agents.get(kind).get(agent);
            if (bound != null) {
                DrainConfig.Builder config = DrainConfig.newBuilder().setMarkGone(kind == Kind.DRAINED_TO_GONE);
                if (bound != NO_BOUND) {
                    config.setMaxGracePeriod(DurationInfo.newBuilder().setNanoseconds(bound));
                }
                return Optional.of(config.build());
            }
        }
        return Optional.empty();
    }

    /** It left: nobody knows it any more. */
    synchronized void remove(String agent) {
        agents.values().forEach(ids -> ids.remove(agent));
        infos.remove(agent);
        save();
    }

    synchronized boolean isAdmitted(String agent) {
        return agents.get(Kind.ADMITTED).containsKey(agent);
    }

    synchronized boolean isGone(String agent) {
        return agents.get(Kind.GONE).containsKey(agent);
    }

    synchronized Optional<TimeInfo> unreachableSince(AgentID agent) {
        return Optional.ofNullable(agents.get(Kind.UNREACHABLE).get(agent.getValue()))
                .map(nanos -> TimeInfo.newBuilder().setNanoseconds(nanos).build());
    }

    synchronized int unreachableCount() {
        return agents.get(Kind.UNREACHABLE).size();
    }

    /** Admitted agents, registered now or not yet since this master started. */
    synchronized List<String> admitted() {
        return List.copyOf(agents.get(Kind.ADMITTED).keySet());
    }

    /** What an admitted agent said of itself; an older file may not tell. */
    synchronized Optional<AgentInfo> info(String agent) {
        return Optional.ofNullable(infos.get(agent));
    }

    synchronized Schedule schedule() {
        return schedule;
    }

    /** Machines that an operator took down. */
    synchronized List<MachineID> down() {
        return down;
    }

    synchronized void maintain(Schedule planned, Collection<MachineID> takenDown) {
        schedule = planned;
        down = List.copyOf(takenDown);
        save();
    }

    /** What operators gave to roles; all others have 1. */
    synchronized Map<String, Double> weights() {
        return new TreeMap<>(weights);
    }

    synchronized void weigh(Map<String, Double> changed) {
        weights.putAll(changed);
        save();
    }

    private void move(String agent, Kind to, long nanoseconds) {
        WHEREABOUTS.forEach(kind -> agents.get(kind).remove(agent));
        agents.get(to).put(agent, nanoseconds);
        save();
    }

    private void save() {
        dirty = false;
        file.ifPresent(each -> each.write(new RegistryFile.Content(agents, infos, schedule, down, weights)));
    }
}
