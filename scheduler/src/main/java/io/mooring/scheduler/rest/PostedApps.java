package io.mooring.scheduler.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Tells Marathon's listeners of each app that somebody put by the API, once that is durable. */
final class PostedApps implements ContainerResponseFilter {
    private static final String APPS = "v2/apps";
    private static final Set<String> PUTTING = Set.of("POST", "PUT", "PATCH");

    private final MarathonEventStream events;
    private final EngineAccess engine;
    private final ObjectMapper json = new ObjectMapper();

    @Context
    private HttpServletRequest servlet;

    PostedApps(MarathonEventStream events, EngineAccess engine) {
        this.events = events;
        this.engine = engine;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        String path = request.getUriInfo().getPath();
        boolean put = PUTTING.contains(request.getMethod())
                && response.getStatus() / 100 == 2
                && path.startsWith(APPS)
                && !path.endsWith("/restart");
        if (put && !events.listeners().none()) {
            id(path, response)
                    .flatMap(this::definition)
                    .ifPresent(definition -> events.posted(
                            servlet.getRemoteAddr(),
                            request.getUriInfo().getRequestUri().getPath(),
                            definition,
                            Instant.now()));
        }
    }

    /** Where a POST's answer is the app, any other's path names it. */
    private Optional<AppId> id(String path, ContainerResponseContext response) {
        String named = path.substring(APPS.length()).replaceAll("^/+", "");
        String id = named.isEmpty()
                ? json.valueToTree(response.getEntity()).path("id").asText()
                : "/" + named;
        try {
            return id.isEmpty() ? Optional.empty() : Optional.of(AppId.of(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<ObjectNode> definition(AppId id) {
        Optional<App> app = engine.ask((decider, decision) -> decider.state().app(id));
        return app.flatMap(found -> {
            try {
                JsonNode source = json.readTree(found.source());
                return source instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("the definition of app " + id + " is not JSON", e);
            }
        });
    }
}
