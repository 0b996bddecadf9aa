package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.decision.Answer.FieldError;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What holds the scheduler back until a person lets it go on: the brake and safe mode. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class HoldsResource {
    private final EngineAccess engine;

    public HoldsResource(EngineAccess engine) {
        this.engine = engine;
    }

    @GET
    @Path("/brake")
    public Map<String, Object> brake() {
        return hold(Hold.Kind.BRAKE);
    }

    @PUT
    @Path("/brake")
    public Response brake(JsonNode body, @Context SecurityContext caller) {
        return put(Hold.Kind.BRAKE, body, caller);
    }

    @GET
    @Path("/safe-mode")
    public Map<String, Object> safeMode() {
        return hold(Hold.Kind.SAFE_MODE);
    }

    @PUT
    @Path("/safe-mode")
    public Response safeMode(JsonNode body, @Context SecurityContext caller) {
        return put(Hold.Kind.SAFE_MODE, body, caller);
    }

    private Map<String, Object> hold(Hold.Kind kind) {
        return engine.ask((decider, decision) ->
                decider.state().lastHold(kind).map(HoldView::of).orElseGet(HoldsResource::neverOn));
    }

    private static Map<String, Object> neverOn() {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("engaged", false);
        view.put("since", null);
        view.put("by", null);
        view.put("reason", null);
        return view;
    }

    private Response put(Hold.Kind kind, JsonNode body, SecurityContext caller) {
        JsonNode engaged = body == null ? null : body.get("engaged");
        if (engaged == null || !engaged.isBoolean()) {
            FieldError error = new FieldError("/engaged", "is missing or no truth value", "true or false");
            return Problem.of(422, "it is not said whether it is on", List.of(error), "/v1/" + kind.word());
        }
        String reason = body.path("reason").asText("").isBlank()
                ? "no reason given"
                : body.path("reason").asText();
        return engine.ask((decider, decision) -> Response.ok(
                        HoldView.of(decider.hold(kind, engaged.booleanValue(), Caller.name(caller), reason, decision)))
                .build());
    }
}
