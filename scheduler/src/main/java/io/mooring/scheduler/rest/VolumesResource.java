package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

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
        return engine.ask((decider, decision) -> Items.of(decider.state().volumes().stream()
                .map(volume -> VolumeView.of(volume, decider))
                .toList()));
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
        return engine.ask((decider, decision) -> {
            VolumeSpec resolved =
                    VolumeReader.on(decider.policy().resolve(spec.request().driver()), spec);
            Answer<Volume> answer = decider.declareVolume(resolved, decision);
            if (answer instanceof Answer.Ok<Volume> ok) {
                return Response.created(URI.create("/v1/volumes/" + ok.value().name()))
                        .entity(VolumeView.of(ok.value(), decider))
                        .build();
            }
            return Problem.of(
                    (Answer.Refused<Volume>) answer,
                    "/v1/volumes/" + spec.request().name());
        });
    }

    @GET
    @Path("/{name}")
    public Response inspect(@PathParam("name") String name) {
        return known(name, (volume, decider) -> VolumeView.of(volume, decider), "");
    }

    @DELETE
    @Path("/{name}")
    public Response remove(@PathParam("name") String name) {
        Optional<VolumeName> valid = valid(name);
        if (valid.isEmpty()) {
            return unknown(name, "");
        }
        return engine.ask((decider, decision) -> {
            Answer<Volume> answer = decider.removeVolume(valid.get(), decision);
            if (answer instanceof Answer.Ok<Volume> ok) {
                return Response.accepted(VolumeView.of(ok.value(), decider)).build();
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
                (volume, decider) -> {
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
                (volume, decider) -> Items.of(decider.state().historyOf(volume.name()).stream()
                        .map(ClaimView::of)
                        .toList()),
                "/history");
    }

    private Response known(String name, BiFunction<Volume, Decider, Object> view, String below) {
        Optional<VolumeName> valid = valid(name);
        if (valid.isEmpty()) {
            return unknown(name, below);
        }
        return engine.ask((decider, decision) -> {
            Optional<Volume> volume = decider.state().volume(valid.get());
            if (volume.isEmpty()) {
                return unknown(name, below);
            }
            return Response.ok(view.apply(volume.get(), decider)).build();
        });
    }

    private static Response unknown(String name, String below) {
        String printable = name.replaceAll("[^A-Za-z0-9_./-]", "?");
        List<FieldError> wrong = valid(name).isPresent()
                ? List.of()
                : List.of(new FieldError("/name", "'" + printable + "' is no volume name", VolumeName.FORM_IN_WORDS));
        return Problem.of(404, "volume '" + printable + "' is not known", wrong, "/v1/volumes/" + printable + below);
    }

    private static Optional<VolumeName> valid(String name) {
        try {
            return Optional.of(new VolumeName(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
