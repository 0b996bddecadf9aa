package io.mooring.scheduler.rest;

import io.mooring.scheduler.marathon.AppReader;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The JSON schema of an app's definition, for editors that complete and check what is written. */
@Path("/v1/schema/app")
public final class SchemaResource {
    private final byte[] schema;

    SchemaResource() {
        try (InputStream file = AppReader.class.getResourceAsStream("app.schema.json")) {
            schema = file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the schema of apps cannot be read", e);
        }
    }

    @GET
    @Produces({"application/schema+json", "application/json"})
    public byte[] app() {
        return schema.clone();
    }
}
