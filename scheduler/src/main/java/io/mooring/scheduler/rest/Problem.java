package io.mooring.scheduler.rest;

import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.FieldError;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Refusals: RFC 9457 problems under {@code /v1}, Marathon's messages under {@code /v2}. */
final class Problem {
    static final String MEDIA_TYPE = "application/problem+json";

    private Problem() {}

    static Response of(Answer.Refused<?> refused, String instance) {
        return of(status(refused.why()), refused.what(), refused.errors(), instance);
    }

    static Response of(int status, String detail, List<FieldError> errors, String instance) {
        return Response.status(status)
                .type(MEDIA_TYPE)
                .entity(body(status, detail, errors, instance))
                .build();
    }

    static Map<String, Object> body(int status, String detail, List<FieldError> errors, String instance) {
        Map<String, Object> problem = new LinkedHashMap<>();
        Response.Status known = Response.Status.fromStatusCode(status);
        problem.put("type", "about:blank");
        problem.put("title", known == null ? "Refused" : known.getReasonPhrase());
        problem.put("status", status);
        problem.put("detail", detail);
        problem.put("instance", instance);
        problem.put("errors", errors.stream().map(Problem::error).toList());
        return problem;
    }

    /** Marathon's form: a message, and details by path. */
    static Response marathon(Answer.Refused<?> refused) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("message", refused.what());
        if (refused.why() == Answer.Why.LOCKED) {
            body.put(
                    "deployments",
                    refused.errors().stream().map(e -> Map.of("id", e.what())).toList());
        } else if (!refused.errors().isEmpty()) {
            body.put("details", refused.errors().stream().map(Problem::detail).toList());
        }
        return Response.status(status(refused.why()))
                .type(MediaType.APPLICATION_JSON)
                .entity(body)
                .build();
    }

    private static Map<String, Object> detail(FieldError error) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("path", error.path());
        detail.put(
                "errors",
                List.of(error.expected().isEmpty() ? error.what() : error.what() + "; expected: " + error.expected()));
        return detail;
    }

    private static Map<String, Object> error(FieldError error) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("path", error.path());
        view.put("what", error.what());
        view.put("expected", error.expected());
        return view;
    }

    private static int status(Answer.Why why) {
        return switch (why) {
            case NOT_FOUND -> 404;
            case CONFLICT, LOCKED -> 409;
            case INVALID -> 422;
        };
    }
}
