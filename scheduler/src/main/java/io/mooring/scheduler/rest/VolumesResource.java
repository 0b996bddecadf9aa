package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.marathon.VolumeReader;
import io.mooring.scheduler.volume.Volume;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Volumes: listed, declared, looked at, removed; who holds one, and who did. */
@Path("/v1/volumes")
@Produces(MediaType.APPLICATION_JSON)
public final class VolumesResource {
    private final EngineAccess engine;

    public VolumesResource(EngineAccess engine) {
        this.engine = engine;
    }

    @GET
    public Map<String, Object> list() {
        return Items.of(engine.each(
                (decider, decision) ->
                        decider.state().volumes().stream().map(Volume::name).toList(),
                (name, decider, decision) ->
                        decider.state().volume(name).map(volume -> VolumeView.of(volume, decider, decision.now()))));
    }

    /** Declares a volume and has it created. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response declare(JsonNode body) {
        Answer<VolumeSpec> read = VolumeReader.read(body);
        if (read instanceof Answer.Refused<VolumeSpec> refused) {
            return Problem.of(refused, "/v1/volumes");
        }
        VolumeSpec spec = ((Answer.Ok<VolumeSpec>) read).value();
        return declare(spec, 201);
    }

    private Response declare(VolumeSpec spec, int status) {
        return engine.ask((decider, decision) -> {
            VolumeSpec resolved =
                    VolumeReader.on(decider.policy().resolve(spec.request().driver()), spec);
            Answer<Volume> answer = decider.declareVolume(resolved, decision);
            if (answer instanceof Answer.Ok<Volume> ok) {
                return Response.status(status)
                        .location(URI.create(path(ok.value().name().value())))
                        .entity(VolumeView.of(ok.value(), decider, decision.now()))
                        .build();
            }
            return Problem.of(
                    (Answer.Refused<Volume>) answer, path(spec.request().name().value()));
        });
    }

    private static String path(String name) {
        return "/v1/volumes/" + name.replaceAll("[^A-Za-z0-9_.-]", "?");
    }

    /** Takes a volume on record that the backend has and nobody declared here; nothing is ever made for it. */
    @POST
    @Path("/{name}/import")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response adopt(@PathParam("name") String name, JsonNode body) {
        if (!(body instanceof ObjectNode declaration)) {
            return Problem.of(
                    422, "the body has to be an object such as {\"driver\": \"loop\"}", List.of(), path(name));
        }
        Answer<VolumeSpec> read = VolumeReader.read(declaration.deepCopy().put("name", name));
        if (read instanceof Answer.Refused<VolumeSpec> refused) {
            return Problem.of(refused, path(name));
        }
        VolumeSpec spec = VolumeReader.existing(((Answer.Ok<VolumeSpec>) read).value());
        return declare(spec, 202);
    }

    @GET
    @Path("/{name}")
    public Response inspect(@PathParam("name") String name) {
        return known(name, VolumeView::of, "");
    }

    @DELETE
    @Path("/{name}")
    public Response remove(@PathParam("name") String name) {
        Optional<VolumeName> valid = Names.volume(name);
        if (valid.isEmpty()) {
            return Names.unknownVolume(name, "");
        }
        return engine.ask((decider, decision) -> {
            Answer<Volume> answer = decider.removeVolume(valid.get(), decision);
            if (answer instanceof Answer.Ok<Volume> ok) {
                return Response.accepted(VolumeView.of(ok.value(), decider, decision.now()))
                        .build();
            }
            return Problem.of((Answer.Refused<Volume>) answer, "/v1/volumes/" + name);
        });
    }

    /** Who holds the volume, since when, with which fence, and what would free it. */
    @GET
    @Path("/{name}/claim")
    public Response claim(@PathParam("name") String name) {
        return known(
                name,
                (volume, decider, now) -> {
                    List<Claim> claims = decider.state().claimsOn(volume.name());
                    Map<String, Object> view = new LinkedHashMap<>();
                    view.put("claim", ClaimView.writer(claims, decider));
                    view.put("readers", ClaimView.readers(claims, decider));
                    return view;
                },
                "/claim");
    }

    /** Who held it before, and what freed it; the newest first. */
    @GET
    @Path("/{name}/history")
    public Response history(@PathParam("name") String name) {
        return known(
                name,
                (volume, decider, now) -> Items.of(decider.state().historyOf(volume.name()).stream()
                        .map(ClaimView::of)
                        .toList()),
                "/history");
    }

    /** The operator's evidence (E5): this machine does not write to the volume any more. */
    @POST
    @Path("/{name}/claim/release")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response release(@PathParam("name") String name, JsonNode body, @Context SecurityContext caller) {
        String instance = "/v1/volumes/" + name + "/claim/release";
        List<FieldError> errors = new ArrayList<>();
        String machine =
                text(body, "machine", "the machine key of the holder, as 'mooring claim show' tells it", errors);
        String reason = text(body, "reason", "why nobody writes there any more, for those who ask later", errors);
        Optional<VolumeName> volume = Names.volume(name);
        if (volume.isEmpty()) {
            return Names.unknownVolume(name, "/claim/release");
        }
        if (!errors.isEmpty()) {
            return Problem.of(422, "a release needs the machine and a reason", errors, instance);
        }
        MachineKey key;
        try {
            key = new MachineKey(machine);
        } catch (IllegalArgumentException e) {
            errors.add(new FieldError("/machine", e.getMessage(), "the machine key of the holder"));
            return Problem.of(422, "no machine has such a key", errors, instance);
        }
        return engine.ask((decider, decision) -> {
            Answer<ReleasedClaim> answer = decider.release(volume.get(), key, reason, Caller.name(caller), decision);
            if (answer instanceof Answer.Ok<ReleasedClaim> ok) {
                Map<String, Object> view = new LinkedHashMap<>(ClaimView.of(ok.value()));
                view.put(
                        "warning",
                        "nothing proves that machine " + machine + " does not write any more: that volume " + name
                                + " has one writer rests on your word");
                return Response.ok(view).build();
            }
            return Problem.of((Answer.Refused<ReleasedClaim>) answer, instance);
        });
    }

    /** Ends a quarantine, or a failure: the operator has seen to it. */
    @POST
    @Path("/{name}/clear")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response clear(@PathParam("name") String name, JsonNode body, @Context SecurityContext caller) {
        List<FieldError> errors = new ArrayList<>();
        String reason = text(body, "reason", "what was done about it", errors);
        Optional<VolumeName> volume = Names.volume(name);
        if (volume.isEmpty()) {
            return Names.unknownVolume(name, "/clear");
        }
        if (!errors.isEmpty()) {
            return Problem.of(422, "a reason is needed", errors, "/v1/volumes/" + name + "/clear");
        }
        return engine.ask((decider, decision) -> {
            Answer<Volume> answer = decider.letGo(volume.get(), Caller.name(caller), reason, decision);
            if (answer instanceof Answer.Ok<Volume> ok) {
                return Response.ok(VolumeView.of(ok.value(), decider, decision.now()))
                        .build();
            }
            return Problem.of((Answer.Refused<Volume>) answer, "/v1/volumes/" + name + "/clear");
        });
    }

    private interface View {
        Object of(Volume volume, Decider decider, Instant now);
    }

    private Response known(String name, View view, String below) {
        Optional<VolumeName> valid = Names.volume(name);
        if (valid.isEmpty()) {
            return Names.unknownVolume(name, below);
        }
        return engine.ask((decider, decision) -> {
            Optional<Volume> volume = decider.state().volume(valid.get());
            if (volume.isEmpty()) {
                return Names.unknownVolume(name, below);
            }
            return Response.ok(view.of(volume.get(), decider, decision.now())).build();
        });
    }

    private static String text(JsonNode body, String field, String expected, List<FieldError> errors) {
        String text = body == null ? "" : body.path(field).asText("").strip();
        if (text.isEmpty() || text.length() > 1000 || text.chars().anyMatch(c -> c < ' ')) {
            errors.add(new FieldError("/" + field, text.isEmpty() ? "is missing" : "is no line of text", expected));
        }
        return text;
    }
}
