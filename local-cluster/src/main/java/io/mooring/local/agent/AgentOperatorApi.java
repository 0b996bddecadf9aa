package io.mooring.local.agent;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.local.legacy.Version;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.Encoding;
import io.mooring.local.wire.Exchange;
import io.mooring.local.wire.RefusedException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.mesos.v1.Protos.Flag;
import org.apache.mesos.v1.agent.Protos.Call;
import org.apache.mesos.v1.agent.Protos.Response;

/** What operators and tools ask an agent: {@code POST /api/v1}, and the endpoints without a version. */
final class AgentOperatorApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Answer RECOVERING = Answer.text(503, "Agent has not finished recovery");

    private final Agent agent;
    private final double startSeconds = Instant.now().toEpochMilli() / 1000.0;

    AgentOperatorApi(Agent agent) {
        this.agent = agent;
    }

    /** @param path without the agent's own prefix */
    Answer serve(String path, Exchange exchange) throws RefusedException {
        return switch (path) {
            case "/api/v1" -> call(exchange);
            case "/health" -> Answer.ok();
            case "/version" -> Answer.json(200, Version.json().toString());
            case "/state" -> json(view -> new AgentLegacyView(view).state(startSeconds));
            case "/flags" -> json(AgentOperatorApi::legacyFlags);
            case "/containers" -> containers(RunningContainer::json);
            case "/monitor/statistics" -> containers(RunningContainer::monitored);
            default -> path.startsWith("/api/v1/") ? call(exchange) : Answer.notFound();
        };
    }

    private Answer call(Exchange exchange) throws RefusedException {
        Call call = exchange.call(Call.getDefaultInstance());
        if (!call.hasType()) {
            return Answer.text(400, "Failed to validate agent::Call: Expecting 'type' to be present");
        }
        Encoding encoding = exchange.accepted();
        Optional<Response> response = Optional.empty();
        if (call.getType() == Call.Type.GET_CONTAINERS) {
            response = agent.read(AgentView::containers).map(AgentOperatorApi::containers);
        } else {
            Optional<Part> part = part(call.getType());
            if (part.isEmpty()) {
                return Answer.notImplemented();
            }
            Response.Builder empty = Response.newBuilder()
                    .setType(Response.Type.valueOf(call.getType().name()));
            response = agent.read(view -> part.get().of(view, empty).build());
        }
        return response.map(each -> Answer.message(encoding, each)).orElse(RECOVERING);
    }

    /** Makes the answer to one type of call. */
    private interface Part {
        Response.Builder of(AgentView view, Response.Builder response);
    }

    private static Optional<Part> part(Call.Type type) {
        Part part =
                switch (type) {
                    case GET_HEALTH ->
                        (view, response) -> response.setGetHealth(
                                Response.GetHealth.newBuilder().setHealthy(true));
                    case GET_VERSION ->
                        (view, response) -> response.setGetVersion(
                                Response.GetVersion.newBuilder().setVersionInfo(Version.info()));
                    case GET_FLAGS -> (view, response) -> response.setGetFlags(flags(view));
                    case GET_LOGGING_LEVEL ->
                        (view, response) -> response.setGetLoggingLevel(
                                Response.GetLoggingLevel.newBuilder().setLevel(0));
                    case GET_AGENT -> (view, response) -> response.setGetAgent(view.agent());
                    case GET_FRAMEWORKS -> (view, response) -> response.setGetFrameworks(view.frameworks());
                    case GET_EXECUTORS -> (view, response) -> response.setGetExecutors(view.executors());
                    case GET_TASKS -> (view, response) -> response.setGetTasks(view.tasks());
                    case GET_STATE -> (view, response) -> response.setGetState(view.all());
                    case GET_RESOURCE_PROVIDERS ->
                        (view, response) ->
                                response.setGetResourceProviders(Response.GetResourceProviders.getDefaultInstance());
                    default -> null;
                };
        return Optional.ofNullable(part);
    }

    private static Response containers(List<RunningContainer> containers) {
        Response.GetContainers.Builder all = Response.GetContainers.newBuilder();
        containers.forEach(each -> all.addContainers(each.message()));
        return Response.newBuilder()
                .setType(Response.Type.GET_CONTAINERS)
                .setGetContainers(all)
                .build();
    }

    private static Response.GetFlags flags(AgentView view) {
        Response.GetFlags.Builder flags = Response.GetFlags.newBuilder();
        AgentLegacyView.flags(view)
                .forEach((name, value) ->
                        flags.addFlags(Flag.newBuilder().setName(name).setValue(value)));
        return flags.build();
    }

    private static ObjectNode legacyFlags(AgentView view) {
        ObjectNode all = JSON.createObjectNode();
        ObjectNode flags = all.putObject("flags");
        AgentLegacyView.flags(view).forEach(flags::put);
        return all;
    }

    private Answer json(Function<AgentView, ObjectNode> question) {
        return agent.read(question)
                .map(body -> Answer.json(200, body.toString()))
                .orElse(RECOVERING);
    }

    private Answer containers(Function<RunningContainer, ObjectNode> form) {
        Optional<List<RunningContainer>> running = agent.read(AgentView::containers);
        if (running.isEmpty()) {
            return RECOVERING;
        }
        ArrayNode all = JSON.createArrayNode();
        running.get().forEach(each -> all.add(form.apply(each)));
        return Answer.json(200, all.toString());
    }
}
