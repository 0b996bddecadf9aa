package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Tells Marathon's listeners of each request that changed apps, and of each that was to and was refused. Like Marathon it names
 * the group in which the app, or the group, lies that the path names; the root where the path names none.
 */
final class ChangedGroups implements ContainerResponseFilter {
    private static final Set<String> CHANGING = Set.of("POST", "PUT", "PATCH", "DELETE");
    private static final Set<Integer> REFUSED = Set.of(403, 404, 409, 422);
    private static final String ROOT = "/";

    private final MarathonEventStream events;
    private final ObjectMapper json = new ObjectMapper();

    ChangedGroups(MarathonEventStream events) {
        this.events = events;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        String path = request.getUriInfo().getPath().replaceAll("^/+", "");
        if (!CHANGING.contains(request.getMethod())
                || Door.refused(request)
                || !path.startsWith("v2/")
                || events.listeners().none()) {
            return;
        }
        if (response.getHeaders().containsKey(AppsResource.DEPLOYMENT)) {
            String version = body(response).path("version").asText();
            events.changed(group(path), version, Optional.empty(), Instant.now());
        } else if (REFUSED.contains(response.getStatus())
                && (path.startsWith("v2/apps") || path.startsWith("v2/groups"))) {
            String why = body(response).path("message").asText();
            events.changed(group(path), Times.text(Instant.now()), Optional.of(why), Instant.now());
        }
    }

    private JsonNode body(ContainerResponseContext response) {
        return json.valueToTree(response.getEntity());
    }

    private static String group(String path) {
        boolean named = path.startsWith("v2/apps/") || path.startsWith("v2/groups/");
        if (!named) {
            return ROOT;
        }
        String id = path.replaceFirst("^v2/(apps|groups)/+", "")
                .replaceFirst("/(restart|tasks(/[^/]*)?)$", "")
                .replaceAll("/+$", "");
        int slash = id.lastIndexOf('/');
        return slash <= 0 ? ROOT : ROOT + id.substring(0, slash);
    }
}
