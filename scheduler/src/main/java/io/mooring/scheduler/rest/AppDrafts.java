package io.mooring.scheduler.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.Fault;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.AppVersion;
import io.mooring.scheduler.marathon.AppReader;
import jakarta.ws.rs.BadRequestException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes whole definitions of what requests say: of a few fields and the app as it is, or of a version that it had. */
final class AppDrafts {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is said in an old and in a new form: the one that a change gives takes the other's place. */
    private static final Map<String, String> OTHER_FORM =
            Map.of("uris", "fetch", "fetch", "uris", "ports", "portDefinitions", "portDefinitions", "ports");

    private final EngineAccess engine;
    private final Surroundings surroundings;

    AppDrafts(EngineAccess engine, Surroundings surroundings) {
        this.engine = engine;
        this.surroundings = surroundings;
    }

    /** What becomes of an app in a list that is not there. */
    enum Missing {
        MADE,
        REFUSED
    }

    Optional<App> app(AppId id) {
        return engine.ask((decider, decision) -> decider.state().app(id));
    }

    /** The answer to a body that is something else than it has to be. */
    static <T> Answer.Refused<T> wrongBody(JsonNode body, String expected, Fault fault) {
        if (body == null) {
            throw new BadRequestException("Please specify data in JSON format");
        }
        String what = "is of type " + body.getNodeType().name().toLowerCase(Locale.ROOT);
        return new Answer.Refused<>(
                Answer.Why.INVALID, "Invalid JSON", List.of(new FieldError("", what, expected, fault)));
    }

    /** A whole definition. */
    Answer<AppReader.Read> whole(JsonNode body) {
        if (body == null || !body.isObject()) {
            return wrongBody(body, "an object, an app definition", Fault.NO_OBJECT);
        }
        return AppReader.read(body, surroundings.containerPolicy());
    }

    /**
     * What a request says of one app.
     *
     * @param partial whether fields that are not given stay as they are
     */
    Answer<AppReader.Read> of(AppId id, Optional<App> before, JsonNode body, boolean partial) {
        if (body == null || !body.isObject()) {
            return whole(body);
        }
        if (body.hasNonNull("id") && !body.get("id").isTextual()) {
            return Answer.invalid(List.of(new FieldError("/id", "is not a text", "the app's path", Fault.NO_TEXT)));
        }
        if (partial && body.hasNonNull("version") && before.isPresent()) {
            return version(before.get(), body);
        }
        ObjectNode wanted =
                partial && before.isPresent() ? AppView.source(before.get()) : JsonNodeFactory.instance.objectNode();
        OTHER_FORM.forEach((given, other) -> {
            if (body.hasNonNull(given) && !body.has(other)) {
                wanted.remove(other);
            }
        });
        body.properties().forEach(field -> {
            if (!field.getKey().equals("id")) {
                wanted.set(field.getKey(), field.getValue());
            }
        });
        wanted.put("id", id.path());
        return whole(wanted);
    }

    /** What a request says of several apps; each has to say which one it means. */
    Answer<List<AppReader.Read>> all(JsonNode body, boolean partial, Missing missing) {
        if (body == null || !body.isArray()) {
            return wrongBody(body, "a list of app definitions", Fault.NO_LIST);
        }
        List<AppReader.Read> all = new ArrayList<>();
        List<FieldError> errors = new ArrayList<>();
        for (int i = 0; i < body.size(); i++) {
            String path = "(" + i + ")";
            Optional<AppId> id = AppPaths.id(
                    Optional.ofNullable(body.get(i).path("id").textValue()).orElse(""));
            Optional<App> before = id.flatMap(this::app);
            if (before.isEmpty() && missing == Missing.REFUSED && id.isPresent()) {
                return Answer.refused(Answer.Why.NOT_FOUND, "App '" + id.get() + "' does not exist");
            }
            Answer<AppReader.Read> read =
                    id.isPresent() ? of(id.get(), before, body.get(i), partial) : whole(body.get(i));
            if (read instanceof Answer.Ok<AppReader.Read> ok) {
                all.add(ok.value());
            } else {
                Answer.Refused<AppReader.Read> refused = (Answer.Refused<AppReader.Read>) read;
                if (refused.errors().isEmpty()) {
                    return new Answer.Refused<>(refused.why(), path + " " + refused.what(), List.of());
                }
                refused.errors().forEach(error -> errors.add(below(path, error)));
            }
        }
        return errors.isEmpty() ? Answer.ok(all) : Answer.invalid(errors);
    }

    /** A version that is kept, as it would be put today. */
    Answer<AppReader.Read> version(AppVersion version) {
        try {
            ObjectNode source = (ObjectNode) JSON.readTree(version.source());
            source.put("instances", version.instances());
            return whole(source);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the kept version of " + version.app() + " is no JSON", e);
        }
    }

    /** The version of that time, whether it is the present one or one that is kept. */
    Optional<AppVersion> version(App app, String time) {
        Instant at;
        try {
            at = Instant.parse(time);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
        if (at.equals(app.version())) {
            return Optional.of(AppVersion.of(app));
        }
        return app.earlier().contains(at) ? engine.earlier(app.id(), at) : Optional.empty();
    }

    /** A refusal of several apps, with the paths of the fields that the user wrote. */
    static Answer.Refused<?> locate(Answer.Refused<?> refused, List<AppReader.Read> apps) {
        List<FieldError> errors = new ArrayList<>();
        for (FieldError error : refused.errors()) {
            Optional<AppReader.Read> app = Optional.empty();
            String prefix = "";
            for (int i = 0; i < apps.size(); i++) {
                if (error.path().startsWith("(" + i + ")")) {
                    app = Optional.of(apps.get(i));
                    prefix = "(" + i + ")";
                }
            }
            if (app.isEmpty()) {
                errors.add(error);
                continue;
            }
            FieldError own = error.at(error.path().substring(prefix.length()));
            String path = prefix;
            app.get()
                    .locate(new Answer.Refused<>(refused.why(), refused.what(), List.of(own)))
                    .errors()
                    .forEach(found -> errors.add(below(path, found)));
        }
        return new Answer.Refused<>(refused.why(), refused.what(), errors);
    }

    private static FieldError below(String path, FieldError error) {
        return error.at(path + error.path());
    }

    private Answer<AppReader.Read> version(App app, JsonNode body) {
        if (!says(body, "version", "id")) {
            return Answer.invalid(List.of(new FieldError(
                    "/version",
                    "The 'version' field may only be combined with the 'id' field.",
                    "the version alone, to go back to it")));
        }
        Optional<AppVersion> version = version(app, body.get("version").asText());
        if (version.isEmpty()) {
            return Answer.refused(
                    Answer.Why.NOT_FOUND,
                    "App '" + app.id() + "' does not exist in version "
                            + body.get("version").asText().replaceAll("[^0-9A-Za-z:.-]", "?"));
        }
        return version(version.get());
    }

    private static boolean says(JsonNode body, String... fields) {
        List<String> known = List.of(fields);
        return body.properties().stream().allMatch(field -> known.contains(field.getKey()));
    }
}
