package io.mooring.local.master;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.TimeInfo;

/**
 * What outlives a master: which agents were admitted, which are unreachable since when, which are gone for ever. As in
 * Mesos, frameworks and tasks are not in it; they come back with the frameworks and the agents.
 */
final class Registry {
    private enum Kind {
        ADMITTED,
        UNREACHABLE,
        GONE
    }

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
        agents.values().forEach(ids -> ids.remove(agent));
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
