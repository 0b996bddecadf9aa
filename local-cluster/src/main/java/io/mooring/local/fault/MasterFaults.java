package io.mooring.local.fault;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The faults of masters. */
public final class MasterFaults {
    /** What a cluster can do to its masters. */
    public interface Target {
        /**
         * Kills the leader; returns when the next one leads.
         *
         * @param leaderless how long nobody leads; absent: the session timeout
         * @param recovery how long the next one answers that it is not ready
         */
        void failOver(Optional<Duration> leaderless, Duration recovery) throws IOException;

        /** Stops the leader as SIGSTOP does; returns when the next one leads. */
        void suspendMaster(Optional<Duration> leaderless) throws IOException;

        /** Lets a stopped leader go on, which then finds that it leads no more and ends. */
        void resumeMaster() throws IOException;

        /** Takes offers back, as if their time had run out. @return how many there were */
        int expireOffers(Optional<String> framework, Optional<String> agent, Optional<String> offer);
    }

    private static final Fault.Option SECONDS =
            Fault.Option.optional("seconds", "how long nobody leads; the session timeout if not given");

    private MasterFaults() {}

    public static List<Fault> of(Target target) {
        return List.of(
                new Fault(
                        "fail-over-master",
                        "the leading master is killed; when its session has run out the next one leads, or the same one again",
                        List.of(
                                SECONDS,
                                Fault.Option.optional(
                                        "recovery", "for how many seconds the next one is not ready; 0 if not given")),
                        options -> target.failOver(seconds(options), options.seconds("recovery", Duration.ZERO))),
                new Fault(
                        "suspend-master",
                        "the leading master stops where it is; when its session has run out the next one leads",
                        List.of(SECONDS),
                        options -> target.suspendMaster(seconds(options))),
                new Fault(
                        "resume-master",
                        "a suspended master goes on, finds that it leads no more, ends and is started again",
                        List.of(),
                        options -> target.resumeMaster()),
                new Fault(
                        "expire-offer",
                        "outstanding offers are rescinded, as if their time had run out",
                        List.of(
                                Fault.Option.optional("framework", "only those of the framework with this id"),
                                Fault.Option.optional("agent", "only those of the agent with this id"),
                                Fault.Option.optional("offer", "only the one with this id")),
                        options -> expire(target, options)));
    }

    private static Optional<Duration> seconds(FaultOptions options) throws FaultException {
        return options.optional("seconds").isEmpty()
                ? Optional.empty()
                : Optional.of(options.seconds("seconds", Duration.ZERO));
    }

    private static void expire(Target target, FaultOptions options) throws FaultException {
        int expired = target.expireOffers(
                options.optional("framework"), options.optional("agent"), options.optional("offer"));
        if (expired == 0) {
            throw FaultException.absent("no such offer is outstanding");
        }
    }
}
