package io.mooring.local.fault;

import io.mooring.local.wire.StreamFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The faults of what frameworks and executors are sent. */
public final class EventFaults {
    private static final Duration A_MOMENT = Duration.ofSeconds(5);
    private static final Fault.Option FRAMEWORK =
            Fault.Option.optional("framework", "only of the framework with this id");
    private static final Fault.Option EXECUTOR =
            Fault.Option.optional("executor", "of the executor with this id, instead of the framework");
    private static final Fault.Option EVENT = Fault.Option.optional("event", "only events of this type, as UPDATE");
    private static final Fault.Option COUNT = Fault.Option.optional("count", "how many events; 1 if not given");
    private static final Fault.Option SECONDS = Fault.Option.optional("seconds", "how long; 5 if not given");

    private EventFaults() {}

    public static List<Fault> of(StreamFaults streams) {
        List<Fault> all = new ArrayList<>();
        all.add(fault(streams, "drop-events", "the next events are lost", StreamFaults.Effect.DROP));
        all.add(fault(streams, "duplicate-events", "the next events come twice", StreamFaults.Effect.DUPLICATE));
        all.add(fault(
                streams,
                "reorder-events",
                "the next events come behind the ones after them",
                StreamFaults.Effect.REORDER));
        all.add(fault(streams, "delay-events", "the next events wait, and all behind them", StreamFaults.Effect.DELAY));
        all.add(new Fault(
                "slow-consumer",
                "nothing is written to a stream for a while, as if its client did not read",
                List.of(FRAMEWORK, EXECUTOR, SECONDS),
                options -> slow(streams, options)));
        return List.copyOf(all);
    }

    private static Fault fault(StreamFaults streams, String name, String what, StreamFaults.Effect effect) {
        List<Fault.Option> options = effect == StreamFaults.Effect.DELAY
                ? List.of(FRAMEWORK, EXECUTOR, EVENT, COUNT, SECONDS)
                : List.of(FRAMEWORK, EXECUTOR, EVENT, COUNT);
        return new Fault(
                name,
                what,
                options,
                given -> streams.add(new StreamFaults.Rule(
                        given.optional("framework"),
                        given.optional("executor"),
                        given.optional("event").map(type -> type.toUpperCase(Locale.ROOT)),
                        effect,
                        given.count("count", 1),
                        given.seconds("seconds", A_MOMENT))));
    }

    private static void slow(StreamFaults streams, FaultOptions options) throws FaultException {
        Optional<String> framework = options.optional("framework");
        Optional<String> executor = options.optional("executor");
        if (streams.hold(framework, executor, options.seconds("seconds", A_MOMENT)) == 0) {
            throw FaultException.absent("no such framework or executor is subscribed");
        }
    }
}
