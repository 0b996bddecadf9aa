package io.mooring.scheduler.rest;

import io.mooring.scheduler.definition.App;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells Marathon's listeners of each app that somebody put by the API, once that is durable. The request brings the app
 * along: asking the engine for it would have every change wait for two commits while somebody listens.
 */
final class PostedApps implements ContainerResponseFilter {
    private static final String APP = PostedApps.class.getName();

    private final MarathonEventStream events;

    @Context
    private HttpServletRequest servlet;

    PostedApps(MarathonEventStream events) {
        this.events = events;
    }

    /** Keeps with the request which app it put. */
    static void put(HttpServletRequest request, App app) {
        request.setAttribute(APP, app);
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getStatus() / 100 == 2
                && !events.listeners().none()
                && servlet.getAttribute(APP) instanceof App app) {
            events.posted(
                    servlet.getRemoteAddr(),
                    request.getUriInfo().getRequestUri().getPath(),
                    AppView.definition(app, Optional.empty()),
                    Instant.now());
        }
    }
}
