package io.mooring.common.taskcheck;

import io.mooring.common.health.Answer;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.Probe;
import org.apache.mesos.v1.Protos.CheckInfo;
import org.apache.mesos.v1.Protos.CheckStatusInfo;

/** A {@code TaskInfo.check}, read: its answers are passed on as they are, and kill nobody. */
public record CheckOfTask(CheckInfo.Type type, Probe probe, CheckRhythm rhythm) {
    /**
     * Reads it; what is absent has the default of the protocol.
     *
     * @throws IllegalArgumentException saying what is wrong in it
     */
    public static CheckOfTask of(CheckInfo check) {
        return new CheckOfTask(
                check.getType(),
                probe(check),
                new CheckRhythm(
                        Seconds.of("delay_seconds", check.getDelaySeconds()),
                        Seconds.of("interval_seconds", check.getIntervalSeconds()),
                        Seconds.of("timeout_seconds", check.getTimeoutSeconds())));
    }

    private static Probe probe(CheckInfo check) {
        return switch (check.getType()) {
            case COMMAND ->
                Programs.of(check.getCommand().hasCommand(), check.getCommand().getCommand());
            case HTTP ->
                new Probe.Http(
                        "http",
                        Probe.Family.IPV4,
                        check.getHttp().getPort(),
                        check.getHttp().getPath());
            case TCP -> new Probe.Tcp(Probe.Family.IPV4, check.getTcp().getPort());
            case UNKNOWN -> throw new IllegalArgumentException("'UNKNOWN' is not a valid check type");
        };
    }

    /** The status before any answer: every update of a task with a check carries one. */
    public CheckStatusInfo unanswered() {
        return unanswered(type);
    }

    /** The same, of a check that was not read. */
    public static CheckStatusInfo unanswered(CheckInfo.Type type) {
        CheckStatusInfo.Builder status = CheckStatusInfo.newBuilder().setType(type);
        switch (type) {
            case COMMAND -> status.setCommand(CheckStatusInfo.Command.getDefaultInstance());
            case HTTP -> status.setHttp(CheckStatusInfo.Http.getDefaultInstance());
            case TCP -> status.setTcp(CheckStatusInfo.Tcp.getDefaultInstance());
            case UNKNOWN -> {}
        }
        return status.build();
    }

    /** The status that an answer gives. */
    public CheckStatusInfo status(Answer answer) {
        CheckStatusInfo.Builder status = unanswered().toBuilder();
        if (answer instanceof Answer.Exited exited) {
            status.getCommandBuilder().setExitCode(exited.status());
        } else if (answer instanceof Answer.Responded responded) {
            status.getHttpBuilder().setStatusCode(responded.status());
        } else if (answer instanceof Answer.Connected connected) {
            status.getTcpBuilder().setSucceeded(connected.accepted());
        }
        return status.build();
    }
}
