package io.mooring.local.master;

import io.mooring.local.wire.Answer;
import io.mooring.local.wire.Encoding;
import io.mooring.local.wire.Endpoint;
import io.mooring.local.wire.EventSink;
import io.mooring.local.wire.Exchange;
import io.mooring.local.wire.RefusedException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** {@code POST /api/v1/scheduler}: the checks in the order of the real master, which decides what a client is told. */
public final class SchedulerApi implements Endpoint {
    private static final String STREAM_ID = "Mesos-Stream-Id";

    private final Master master;

    public SchedulerApi(Master master) {
        this.master = master;
    }

    @Override
    public Optional<Answer> serve(Exchange exchange) throws RefusedException {
        Call call = exchange.call(Call.getDefaultInstance());
        SchedulerCalls.validate(call);
        if (call.getType() != Call.Type.SUBSCRIBE) {
            return Optional.of(master.call(call, exchange.header(STREAM_ID)));
        }
        Encoding encoding = exchange.accepted();
        if (exchange.header(STREAM_ID).isPresent()) {
            throw RefusedException.of(400, "Subscribe calls should not include the '" + STREAM_ID + "' header");
        }
        String streamId = UUID.randomUUID().toString();
        EventSink sink = exchange.stream(encoding, Map.of(STREAM_ID, streamId));
        master.subscribe(call.getSubscribe(), streamId, sink);
        return Optional.empty();
    }
}
