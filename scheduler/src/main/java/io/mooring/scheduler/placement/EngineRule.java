package io.mooring.scheduler.placement;

import io.mooring.common.command.ExecutorReport.EngineReport;
import java.util.Optional;

/** A container needs a Docker Engine that answers, and one with a volume an engine that can see what is mounted. */
final class EngineRule implements VetoRule {
    @Override
    public Optional<Veto> check(TaskRequest request, Candidate candidate) {
        if (request.definition().container().isEmpty()) {
            return Optional.empty();
        }
        if (candidate.agent().inspected().isEmpty()) {
            return Optional.of(
                    new Veto(Veto.Kind.MACHINE, "the agent has not reported yet whether it has a Docker Engine"));
        }
        Optional<EngineReport> engine = candidate.agent().engine();
        if (engine.isEmpty()) {
            return Optional.of(new Veto(
                    Veto.Kind.ENGINE, "the agent's executor is too old to say whether there is a Docker Engine"));
        }
        if (engine.get().blind().isPresent() && !request.volumes().isEmpty()) {
            return Optional.of(new Veto(
                    Veto.Kind.ENGINE,
                    "the Docker Engine would not see the volume: "
                            + engine.get().blind().get()));
        }
        return engine.get().healthy()
                ? Optional.empty()
                : Optional.of(new Veto(
                        Veto.Kind.ENGINE,
                        "an image needs a Docker Engine: " + engine.get().what()));
    }
}
