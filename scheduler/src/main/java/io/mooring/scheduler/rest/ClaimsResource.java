package io.mooring.scheduler.rest;

import io.mooring.common.command.ClaimAnswer;
import io.mooring.common.command.ClaimOrder;
import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.MalformedMessageException;
import io.mooring.common.command.MessageCodec;
import io.mooring.common.ids.ClaimId;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Decision;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.marathon.ForeignVolumes;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The claim service, for tasks that other frameworks run: what our own executors say by status updates and messages, these
 * say here, in the same words. Every call may be made again: what was done is not done twice, and the answer is the same.
 */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ClaimsResource {
    private static final String HERE = "/v1/claims";
    private static final int GRANTED = 201;
    private static final int DONE = 200;

    private final EngineAccess engine;
    private final MessageCodec codec = new MessageCodec();

    public ClaimsResource(EngineAccess engine) {
        this.engine = engine;
    }

    /** T1: all volumes, or none. */
    @POST
    @Path("/claims")
    public Response reserve(byte[] body) {
        ClaimOrder order;
        try {
            order = codec.decodeClaimOrder(body);
        } catch (MalformedMessageException e) {
            return malformed(e, HERE);
        }
        List<VolumeSpec> stated = List.of();
        if (order.definition().isPresent()) {
            Answer<List<VolumeSpec>> read =
                    ForeignVolumes.read(order.definition().get());
            if (read instanceof Answer.Refused<List<VolumeSpec>> refused) {
                return Problem.of(refused, HERE);
            }
            stated = ((Answer.Ok<List<VolumeSpec>>) read).value();
            if (stated.size() > ClaimOrder.MOST_VOLUMES) {
                return Problem.of(
                        422, "at most " + ClaimOrder.MOST_VOLUMES + " volumes are claimed together", List.of(), HERE);
            }
            order = order.naming(stated.stream().map(VolumeSpec::request).toList());
        }
        return reserve(order, stated);
    }

    private Response reserve(ClaimOrder order, List<VolumeSpec> stated) {
        return engine.ask((decider, decision) -> {
            Answer<ClaimAnswer> answer = decider.foreign().reserve(order, stated, decision);
            return answer instanceof Answer.Refused<ClaimAnswer> refused
                            && refused.errors().isEmpty()
                    ? held(refused, order, decider)
                    : respond(answer, GRANTED, HERE);
        });
    }

    /** T2. */
    @POST
    @Path("/claims/{id}/activate")
    public Response activate(@PathParam("id") String id, byte[] body) {
        return with(
                id,
                "/activate",
                body,
                ActivationRequest.class,
                (decider, claims, request, decision) -> decider.foreign().activate(claims, request, decision));
    }

    /** The holder is alive; the first ones tell what is mounted. */
    @PUT
    @Path("/claims/{id}/heartbeat")
    public Response heartbeat(@PathParam("id") String id, byte[] body) {
        if (body.length > 0) {
            return with(
                    id, "/heartbeat", body, MountReport.class, (decider, claims, mounts, decision) -> decider.foreign()
                            .heartbeat(claims, Optional.of(mounts), decision));
        }
        return with(id, "/heartbeat", (decider, claims, decision) -> decider.foreign()
                .heartbeat(claims, Optional.empty(), decision));
    }

    /** The holder let go of what the record says. */
    @POST
    @Path("/claims/{id}/release")
    public Response release(@PathParam("id") String id, byte[] body) {
        return with(id, "/release", body, ReleaseRecord.class, (decider, claims, record, decision) -> decider.foreign()
                .release(claims, record, decision));
    }

    private interface Step {
        Answer<ClaimAnswer> take(Decider decider, ClaimId id, Decision decision);
    }

    private interface Told<R> {
        Answer<ClaimAnswer> take(Decider decider, ClaimId id, R report, Decision decision);
    }

    private <R extends ExecutorReport> Response with(
            String id, String below, byte[] body, Class<R> expected, Told<R> step) {
        String instance = instance(id, below);
        ExecutorReport report;
        try {
            report = codec.decodeReport(body);
        } catch (MalformedMessageException e) {
            return malformed(e, instance);
        }
        if (!expected.isInstance(report)) {
            return Problem.of(
                    422, "the body is another kind of report; docs/claims-api.md shows which", List.of(), instance);
        }
        return with(
                id, below, (decider, claims, decision) -> step.take(decider, claims, expected.cast(report), decision));
    }

    private Response with(String id, String below, Step step) {
        String instance = instance(id, below);
        ClaimId claims;
        try {
            claims = new ClaimId(id);
        } catch (IllegalArgumentException e) {
            return Problem.of(404, "no claims have such an id: " + e.getMessage(), List.of(), instance);
        }
        return engine.ask((decider, decision) -> respond(step.take(decider, claims, decision), DONE, instance));
    }

    private Response respond(Answer<ClaimAnswer> answer, int status, String instance) {
        return answer instanceof Answer.Ok<ClaimAnswer> ok
                ? Response.status(status).entity(codec.encode(ok.value())).build()
                : Problem.of((Answer.Refused<ClaimAnswer>) answer, instance);
    }

    /** With those who have the volumes, or may have them still. */
    private static Response held(Answer.Refused<ClaimAnswer> refused, ClaimOrder order, Decider decider) {
        Map<String, Object> body = new LinkedHashMap<>(Problem.body(409, refused.what(), List.of(), HERE));
        body.put(
                "holders",
                order.volumes().stream()
                        .flatMap(volume -> decider.state().claimsOn(volume.name()).stream())
                        .filter(claim -> !claim.task().equals(order.task()))
                        .map(claim -> ClaimView.of(claim, decider))
                        .toList());
        return Response.status(409).type(Problem.MEDIA_TYPE).entity(body).build();
    }

    private static Response malformed(MalformedMessageException e, String instance) {
        return Problem.of(422, e.getMessage(), List.of(), instance);
    }

    private static String instance(String id, String below) {
        return HERE + "/" + id.replaceAll("[^A-Za-z0-9_.-]", "?") + below;
    }
}
