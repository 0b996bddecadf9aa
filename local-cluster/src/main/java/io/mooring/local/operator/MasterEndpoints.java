package io.mooring.local.operator;

import io.mooring.local.legacy.Version;
import io.mooring.local.master.Master;
import io.mooring.local.master.SchedulerApi;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.Endpoint;
import io.mooring.local.wire.Exchange;
import io.mooring.local.wire.RefusedException;
import io.mooring.local.wire.StreamFaults;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Everything on a master's port. Each path also answers below {@code /master}. A master that does not lead sends almost
 * everybody to the one that does.
 */
public final class MasterEndpoints implements Endpoint {
    private static final String PREFIX = "/master";
    private static final Set<String> APIS = Set.of("/api/v1/scheduler", "/api/v1");
    private static final String NO_LEADER = "No leader elected";

    private final Supplier<Leadership> leadership;
    private final Endpoint faults;
    private final StreamFaults streams;

    /** @param leadership of now, asked for every request */
    public MasterEndpoints(Supplier<Leadership> leadership, Endpoint faults, StreamFaults streams) {
        this.leadership = leadership;
        this.faults = faults;
        this.streams = streams;
    }

    /** To what a path belongs, for authentication; empty for what everybody may see. */
    public static Optional<String> realm(String path) {
        String own = own(path);
        return switch (own) {
            case "/api/v1/scheduler" -> Optional.of("mesos-master-scheduler");
            case "/api/v1", "/teardown", "/machine/up", "/machine/down" -> Optional.of("mesos-master-readwrite");
            case "/health", "/version", "/redirect", "/local/fault" -> Optional.empty();
            default -> Optional.of("mesos-master-readonly");
        };
    }

    private static String own(String path) {
        return path.startsWith(PREFIX + "/") ? path.substring(PREFIX.length()) : path;
    }

    @Override
    public Optional<Answer> serve(Exchange exchange) throws RefusedException {
        String path = own(exchange.path());
        Leadership now = leadership.get();
        return switch (path) {
            case "/local/fault" -> faults.serve(exchange);
            case "/health" -> Optional.of(Answer.ok());
            case "/version" -> Optional.of(Answer.json(200, Version.json().toString()));
            default ->
                path.equals("/redirect") || path.startsWith("/redirect/")
                        ? Optional.of(redirect(path, now))
                        : led(exchange, path, now);
        };
    }

    private static Answer redirect(String path, Leadership now) {
        if (now instanceof Leadership.Leaderless) {
            return Answer.text(503, NO_LEADER);
        }
        return path.equals("/redirect") ? Answer.elsewhere("//127.0.0.1:" + leaderPort(now)) : Answer.notFound();
    }

    private static int leaderPort(Leadership now) {
        if (now instanceof Leadership.Follows follows) {
            return follows.leaderPort();
        }
        Master master =
                now instanceof Leadership.Recovers recovers ? recovers.master() : ((Leadership.Leads) now).master();
        return master.read(view -> view.masterInfo().getPort());
    }

    private Optional<Answer> led(Exchange exchange, String path, Leadership now) throws RefusedException {
        if (now instanceof Leadership.Leads leads) {
            return served(exchange, path, leads.master());
        }
        if (now instanceof Leadership.Recovers recovers) {
            return APIS.contains(path)
                    ? Optional.of(Answer.text(503, "Master has not finished recovery"))
                    : served(exchange, path, recovers.master());
        }
        if (!APIS.contains(path) && !LegacyEndpoints.PATHS.contains(path)) {
            return Optional.of(Answer.notFound());
        }
        if (now instanceof Leadership.Follows follows) {
            return Optional.of(
                    Answer.elsewhere("//127.0.0.1:" + follows.leaderPort() + PREFIX + own(exchange.pathAndQuery())));
        }
        return Optional.of(Answer.text(503, NO_LEADER));
    }

    private Optional<Answer> served(Exchange exchange, String path, Master master) throws RefusedException {
        return switch (path) {
            case "/api/v1/scheduler" -> new SchedulerApi(master, streams).serve(exchange);
            case "/api/v1" -> new OperatorApi(master).serve(exchange);
            default -> new LegacyEndpoints(master).serve(exchange);
        };
    }
}
