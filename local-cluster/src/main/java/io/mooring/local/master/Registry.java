package io.mooring.local.master;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.TimeInfo;

/**
 * What outlives a master: which agents were admitted, which are unreachable since when, which are gone for ever. As in
 * Mesos, frameworks and tasks are not in it; they come back with the frameworks and the agents.
 */
final class Registry {
    private enum Kind {
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

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Optional<Path> file;
    private final Map<Kind, TreeMap<String, Long>> agents;

    /** A registry in memory, or one kept in the file. @throws UncheckedIOException if the file cannot be read */
    Registry(Optional<Path> file) {
        this.file = file;
        this.agents = new TreeMap<>();
        for (Kind kind : Kind.values()) {
            agents.put(kind, new TreeMap<>());
        }
        file.filter(Files::exists).ifPresent(this::load);
    }

    void admit(String agent) {
        move(agent, Kind.ADMITTED, 0);
    }

    void unreachable(String agent, TimeInfo since) {
        move(agent, Kind.UNREACHABLE, since.getNanoseconds());
    }

    void gone(String agent, long nanoseconds) {
        move(agent, Kind.GONE, nanoseconds);
    }

    /** It makes no offers until it is reactivated, whoever is restarted meanwhile. */
    void deactivate(String agent) {
        agents.get(Kind.DEACTIVATED).put(agent, 0L);
        save();
    }

    void drain(String agent, DrainConfig config) {
        Kind kind = config.getMarkGone() ? Kind.DRAINED_TO_GONE : Kind.DRAINED;
        long bound = config.hasMaxGracePeriod() ? config.getMaxGracePeriod().getNanoseconds() : NO_BOUND;
        agents.get(kind).put(agent, bound);
        deactivate(agent);
    }

    void reactivate(String agent) {
        agents.forEach((kind, ids) -> {
            if (!WHEREABOUTS.contains(kind)) {
                ids.remove(agent);
            }
        });
        save();
    }

    boolean isDeactivated(String agent) {
        return agents.get(Kind.DEACTIVATED).containsKey(agent);
    }

    /** How the agent is drained, if it is. */
    Optional<DrainConfig> drain(String agent) {
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

    /** It unregistered: nobody knows it any more. */
    void remove(String agent) {
        agents.values().forEach(ids -> ids.remove(agent));
        save();
    }

    boolean isAdmitted(String agent) {
        return agents.get(Kind.ADMITTED).containsKey(agent);
    }

    boolean isGone(String agent) {
        return agents.get(Kind.GONE).containsKey(agent);
    }

    Optional<TimeInfo> unreachableSince(AgentID agent) {
        return Optional.ofNullable(agents.get(Kind.UNREACHABLE).get(agent.getValue()))
                .map(nanos -> TimeInfo.newBuilder().setNanoseconds(nanos).build());
    }

    /** Admitted agents, registered now or not yet since this master started. */
    Iterable<String> admitted() {
        return agents.get(Kind.ADMITTED).keySet().stream().toList();
    }

    private void move(String agent, Kind to, long nanoseconds) {
        WHEREABOUTS.forEach(kind -> agents.get(kind).remove(agent));
        agents.get(to).put(agent, nanoseconds);
        save();
    }

    private void load(Path from) {
        try {
            Map<Kind, TreeMap<String, Long>> read =
                    JSON.readValue(from.toFile(), new TypeReference<Map<Kind, TreeMap<String, Long>>>() {});
            agents.putAll(read);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the master's registry " + from, e);
        }
    }

    private void save() {
        if (file.isEmpty()) {
            return;
        }
        Path target = file.get();
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            JSON.writeValue(fresh.toFile(), agents);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the master's registry " + target, e);
        }
    }
}
