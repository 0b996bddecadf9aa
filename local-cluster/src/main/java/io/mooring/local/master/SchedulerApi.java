package io.mooring.local.master;

import io.mooring.local.wire.Answer;
import io.mooring.local.wire.Encoding;
import io.mooring.local.wire.Endpoint;
import io.mooring.local.wire.EventSink;
import io.mooring.local.wire.Exchange;
import io.mooring.local.wire.RefusedException;
import io.mooring.local.wire.StreamFaults;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** {@code POST /api/v1/scheduler}: the checks in the order of the real master, which decides what a client is told. */
public final class SchedulerApi implements Endpoint {
    private static final String STREAM_ID = "Mesos-Stream-Id";

    private final Master master;
    private final StreamFaults faults;

    public SchedulerApi(Master master, StreamFaults faults) {
        this.master = master;
        this.faults = faults;
    }

    @Override
    public Optional<Answer> serve(Exchange exchange) throws RefusedException {
        Call call = exchange.call(Call.getDefaultInstance());
        SchedulerCalls.validate(call, exchange.principal());
        if (call.getType() != Call.Type.SUBSCRIBE) {
            return Optional.of(master.call(call, exchange.header(STREAM_ID), exchange.principal()));
        }
        Encoding encoding = exchange.accepted();
        if (exchange.header(STREAM_ID).isPresent()) {
            throw RefusedException.of(400, "Subscribe calls should not include the '" + STREAM_ID + "' header");
        }
        String streamId = UUID.randomUUID().toString();
        EventSink sink = faults.ofFramework(
                call.getFrameworkId().getValue(), exchange.stream(encoding, Map.of(STREAM_ID, streamId)));
        master.subscribe(withPrincipal(call.getSubscribe(), exchange.principal()), streamId, sink);
        return Optional.empty();
    }

    /** A framework that does not say who it is, is who it proved to be. */
    private static Call.Subscribe withPrincipal(Call.Subscribe subscribe, Optional<String> principal) {
        FrameworkInfo info = subscribe.getFrameworkInfo();
        return principal.isEmpty() || info.hasPrincipal()
                ? subscribe
                : subscribe.toBuilder()
                        .setFrameworkInfo(info.toBuilder().setPrincipal(principal.get()))
                        .build();
    }
}
