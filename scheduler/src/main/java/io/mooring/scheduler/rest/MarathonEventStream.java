package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.effect.Notice;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What happens, as Marathon's event bus says it. Who asks for certain types by {@code event_type}, as often as there are
 * types, gets these only. The first event is the listener's own {@code event_stream_attached}.
 */
@Path("/v2/events")
public final class MarathonEventStream {
    private static final String FORM = "text/event-stream";

    private final Listeners listeners = new Listeners();
    private final MarathonEvents events = new MarathonEvents();

    Listeners listeners() {
        return listeners;
    }

    /** Tells what comes of a notice in Marathon's words, if anything does. */
    void accept(Notice notice) {
        if (!listeners.none()) {
            events.of(notice).forEach(this::tell);
        }
    }

    /** Somebody changed an app by the API. */
    void posted(String client, String uri, ObjectNode definition, Instant at) {
        if (!listeners.none()) {
            tell(events.posted(client, uri, definition, at));
        }
    }

    /** Somebody changed apps by the API, or tried to. */
    void changed(String group, String version, Optional<String> reason, Instant at) {
        if (!listeners.none()) {
            tell(events.group(group, version, reason, at));
        }
    }

    private void tell(ObjectNode event) {
        String type = event.path("eventType").asText();
        listeners.tell(type, Listeners.event(type, event.toString()));
    }

    /** Answers 405 to whoever does not take server-sent events, as Marathon does. */
    @GET
    public Response listen(
            @HeaderParam(HttpHeaders.ACCEPT) String accept,
            @QueryParam("event_type") List<String> types,
            @Context HttpServletRequest request) {
        if (accept == null || !accept.contains(FORM)) {
            return refused(405, "say 'Accept: " + FORM + "': this is a stream of server-sent events");
        }
        if (listeners.closed()) {
            return refused(503, "this scheduler is stopping; ask another one");
        }
        if (listeners.full()) {
            return refused(503, Listeners.MOST + " listeners are there already; try again later");
        }
        Set<String> wanted = Set.copyOf(types);
        String client = request.getRemoteAddr();
        StreamingOutput stream = output -> {
            try {
                listeners.serve(
                        output,
                        type -> wanted.isEmpty() || wanted.contains(type),
                        () -> tell(events.stream("event_stream_attached", client, Instant.now())));
            } finally {
                tell(events.stream("event_stream_detached", client, Instant.now()));
            }
        };
        return Response.ok(stream, FORM).header("Cache-Control", "no-cache").build();
    }

    private static Response refused(int status, String what) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(Map.of("message", what))
                .build();
    }
}
