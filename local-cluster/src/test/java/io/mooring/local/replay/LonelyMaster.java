package io.mooring.local.replay;

import io.mooring.local.fault.FaultApi;
import io.mooring.local.master.Master;
import io.mooring.local.master.MasterSettings;
import io.mooring.local.master.Registry;
import io.mooring.local.operator.Leadership;
import io.mooring.local.operator.MasterEndpoints;
import io.mooring.local.wire.HttpListener;
import io.mooring.local.wire.StreamFaults;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A master that never gets as far as to lead: it finds no leader, or does not finish its recovery. */
final class LonelyMaster implements AutoCloseable {
    private final StreamFaults streams = new StreamFaults();
    private final Master master = new Master(
            "00000000-0000-0000-0000-000000000000",
            MasterSettings.onPort(0),
            new Registry(Optional.empty()),
            InstantSource.system());
    private final HttpListener listener;

    private LonelyMaster(Leadership fixed) throws IOException {
        Leadership leadership = fixed instanceof Leadership.Recovers ? new Leadership.Recovers(master) : fixed;
        listener = HttpListener.open(
                "lonely", 0, Optional.empty(), new MasterEndpoints(() -> leadership, new FaultApi(List.of()), streams));
        master.listening(listener.port());
    }

    static Optional<LonelyMaster> of(Recording recording) throws IOException {
        return switch (recording.name()) {
            case "scheduler/no-leader-503" -> Optional.of(new LonelyMaster(new Leadership.Leaderless()));
            case "scheduler/recovering-503" -> Optional.of(new LonelyMaster(new Leadership.Recovers(null)));
            default -> Optional.empty();
        };
    }

    int port() {
        return listener.port();
    }

    @Override
    public void close() {
        listener.close();
        master.close();
        streams.close();
    }
}
