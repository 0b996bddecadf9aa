package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/** Marathon's {@code /v2/apps/ID/versions}: the app as it is, and as it was. */
@Path("/v2/apps/{id:.+}/versions")
@Produces(MediaType.APPLICATION_JSON)
public final class AppVersionsResource {
    private final EngineAccess engine;

    public AppVersionsResource(EngineAccess engine) {
        this.engine = engine;
    }

    /** The newest first. */
    @GET
    public Response list(@PathParam("id") String path) {
        Optional<App> app = app(path);
        if (app.isEmpty()) {
            return AppPaths.unknownToMarathon(path);
        }
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        ArrayNode versions = view.putArray("versions");
        versions.add(Times.text(app.get().version()));
        for (int i = app.get().earlier().size() - 1; i >= 0; i--) {
            versions.add(Times.text(app.get().earlier().get(i)));
        }
        return Response.ok(view).build();
    }

    @GET
    @Path("/{version}")
    public Response show(@PathParam("id") String path, @PathParam("version") String time) {
        Optional<App> app = app(path);
        if (app.isEmpty()) {
            return AppPaths.unknownToMarathon(path);
        }
        Instant version;
        try {
            version = Instant.parse(time);
        } catch (DateTimeParseException e) {
            return noTime(time);
        }
        if (version.equals(app.get().version())) {
            return Response.ok(AppView.version(io.mooring.scheduler.definition.AppVersion.of(app.get())))
                    .build();
        }
        boolean kept = app.get().earlier().contains(version);
        return (kept
                        ? engine.earlier(app.get().id(), version)
                        : Optional.<io.mooring.scheduler.definition.AppVersion>empty())
                .map(known -> Response.ok(AppView.version(known)).build())
                .orElseGet(() -> missing(app.get(), time));
    }

    private static Response missing(App app, String time) {
        String what = "App '" + app.id() + "' does not exist in version " + printable(time);
        return Response.status(404).entity(Map.of("message", what)).build();
    }

    private static Response noTime(String time) {
        String what = "'" + printable(time) + "' is no time such as 2026-01-31T12:00:00.000Z";
        return Response.status(422).entity(Map.of("message", what)).build();
    }

    private static String printable(String time) {
        return time.replaceAll("[^0-9A-Za-z:.-]", "?");
    }

    private Optional<App> app(String path) {
        Optional<AppId> id = AppPaths.id(path);
        return engine.ask((decider, decision) -> id.flatMap(decider.state()::app));
    }
}
