package io.mooring.local.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.EventSink;
import java.util.Optional;
import org.apache.mesos.v1.executor.Protos.Call;

/** Takes the calls of executors: who may call, and what becomes of it. On the agent's loop. */
final class ExecutorDesk {
    private final AgentParts parts;
    private final Delivery delivery;
    private final ExecutorUpdates updates;

    ExecutorDesk(AgentParts parts, Delivery delivery, ExecutorUpdates updates) {
        this.parts = parts;
        this.delivery = delivery;
        this.updates = updates;
    }

    /** Why the call cannot be served, if it cannot. */
    Optional<Answer> refusal(Call call, Optional<JsonNode> claims) {
        if (!parts.state().knowsFramework(call.getFrameworkId().getValue())) {
            return Optional.of(Answer.text(400, "Framework cannot be found"));
        }
        Optional<ExecutorRun> run = run(call);
        if (run.isEmpty()) {
            return Optional.of(Answer.text(400, "Executor cannot be found"));
        }
        return claims.flatMap(given -> ExecutorTokens.mismatch(given, run.get()))
                .map(why -> Answer.text(403, why));
    }

    Answer perform(Call call) {
        ExecutorRun run = run(call).orElseThrow();
        if (run.phase == ExecutorRun.Phase.REGISTERING) {
            return Answer.text(403, "Executor is not subscribed");
        }
        if (call.getType() == Call.Type.UPDATE) {
            updates.update(run, call.getUpdate().getStatus());
        } else {
            ByteString data = call.getMessage().getData();
            parts.link()
                    .toMaster(master -> master.executorMessage(
                            parts.state().info.getId(), run.framework.getId(), run.executor.getExecutorId(), data));
        }
        return Answer.accepted();
    }

    void subscribe(Call call, EventSink sink) {
        run(call).ifPresentOrElse(run -> delivery.subscribe(run, call.getSubscribe(), sink), sink::end);
    }

    private Optional<ExecutorRun> run(Call call) {
        String framework = call.getFrameworkId().getValue();
        String executor = call.getExecutorId().getValue();
        return parts.state().find(framework, executor).or(() -> parts.state().findEnded(framework, executor));
    }
}
