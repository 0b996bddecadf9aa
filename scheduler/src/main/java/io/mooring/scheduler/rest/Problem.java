package io.mooring.scheduler.rest;

import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.Fault;
import io.mooring.scheduler.decision.Answer.FieldError;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /**
     * Marathon's form: a message, and details by path. What is of the wrong type, or missing, is told by Marathon's words for it,
     * with ours behind them, and alone: what else is wrong stands beside it, where Marathon's clients do not look.
     */
    static Response marathon(Answer.Refused<?> refused) {
        Map<String, Object> body = new LinkedHashMap<>();
        List<FieldError> formless = refused.errors().stream()
                .filter(error -> error.fault() != Fault.RULE)
                .toList();
        body.put("message", formless.isEmpty() ? refused.what() : "Invalid JSON");
        if (refused.why() == Answer.Why.LOCKED) {
            body.put(
                    "deployments",
                    refused.errors().stream().map(e -> Map.of("id", e.what())).toList());
        } else if (!formless.isEmpty()) {
            body.put("details", details(formless));
            List<FieldError> others = others(refused.errors(), formless);
            if (!others.isEmpty()) {
                body.put("mooring", Map.of("details", details(others)));
            }
        } else if (!refused.errors().isEmpty()) {
            body.put("details", details(refused.errors()));
        }
        return Response.status(status(refused.why()))
                .type(MediaType.APPLICATION_JSON)
                .entity(body)
                .build();
    }

    /** Errors at other fields; at the same ones they are consequences. */
    private static List<FieldError> others(List<FieldError> errors, List<FieldError> formless) {
        Set<String> paths = formless.stream().map(FieldError::path).collect(Collectors.toSet());
        return errors.stream().filter(error -> !paths.contains(error.path())).toList();
    }

    private static List<Map<String, Object>> details(List<FieldError> errors) {
        return errors.stream().map(Problem::detail).toList();
    }

    private static Map<String, Object> detail(FieldError error) {
        String own = error.expected().isEmpty() ? error.what() : error.what() + "; expected: " + error.expected();
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("path", error.path());
        detail.put(
                "errors",
                Stream.concat(marathons(error.fault()).stream(), Stream.of(own)).toList());
        return detail;
    }

    private static Optional<String> marathons(Fault fault) {
        return switch (fault) {
            case RULE -> Optional.empty();
            case MISSING -> Optional.of("error.path.missing");
            case NO_TEXT -> Optional.of("error.expected.jsstring");
            case NO_NUMBER -> Optional.of("error.expected.jsnumber");
            case NO_WHOLE_NUMBER -> Optional.of("error.expected.int");
            case NO_FLAG -> Optional.of("error.expected.jsboolean");
            case NO_LIST -> Optional.of("error.expected.jsarray");
            case NO_OBJECT -> Optional.of("error.expected.jsobject");
        };
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
            case TOO_MANY -> 403;
            case INVALID -> 422;
        };
    }
}
