package io.mooring.local.operator;

import com.google.protobuf.ByteString;
import io.mooring.local.fault.FaultApi;
import io.mooring.local.master.Master;
import io.mooring.local.master.SchedulerApi;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.Endpoint;
import io.mooring.local.wire.Exchange;
import io.mooring.local.wire.RefusedException;
import java.util.Map;
import java.util.Optional;

/** Everything on the master's port. Each path also answers below {@code /master}. */
public final class MasterEndpoints implements Endpoint {
    private static final String PREFIX = "/master";

    private final Endpoint scheduler;
    private final Endpoint operator;
    private final Endpoint faults;
    private final Master master;

    public MasterEndpoints(Master master, FaultApi faults) {
        this.master = master;
        this.scheduler = new SchedulerApi(master);
        this.operator = new OperatorApi(master);
        this.faults = faults;
    }

    @Override
    public Optional<Answer> serve(Exchange exchange) throws RefusedException {
        String path = exchange.path();
        String own = path.startsWith(PREFIX + "/") ? path.substring(PREFIX.length()) : path;
        return switch (own) {
            case "/api/v1/scheduler" -> scheduler.serve(exchange);
            case "/api/v1" -> operator.serve(exchange);
            case "/local/fault" -> faults.serve(exchange);
            case "/health" -> Optional.of(Answer.ok());
            case "/version" -> Optional.of(Answer.json(200, "{\"version\":\"" + Master.VERSION + "\"}"));
            case "/redirect" -> Optional.of(redirect());
            default -> Optional.of(Answer.notFound());
        };
    }

    private Answer redirect() {
        int port = master.read(view -> view.masterInfo().getPort());
        return new Answer(307, Map.of("Location", "//127.0.0.1:" + port), ByteString.EMPTY);
    }
}
