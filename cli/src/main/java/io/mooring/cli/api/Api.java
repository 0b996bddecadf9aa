package io.mooring.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** The scheduler's REST API, as this command uses it. */
public final class Api {
    private final URI address;
    private final Optional<String> authorization;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    public Api(String address) {
        this(address, Optional.empty());
    }

    /** @param authorization the header of that name, for a scheduler that knows its users */
    public Api(String address, Optional<String> authorization) {
        this.authorization = authorization;
        try {
            this.address = URI.create(address.endsWith("/") ? address : address + "/");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + address + "' is no address; it has to look like http://127.0.0.1:8080", e);
        }
        if (!"http".equals(this.address.getScheme()) && !"https".equals(this.address.getScheme())) {
            throw new IllegalArgumentException(
                    "'" + address + "' is no address; it has to look like http://127.0.0.1:8080");
        }
    }

    /**
     * What was answered.
     *
     * @param text the body as it came
     * @param body the body as JSON; an empty object if there is none
     */
    public record Reply(int status, String text, JsonNode body) {}

    public Reply get(String path) throws ApiException {
        return send(path, "GET", BodyPublishers.noBody());
    }

    public Reply post(String path, String body) throws ApiException {
        return send(path, "POST", BodyPublishers.ofString(body));
    }

    public Reply put(String path, String body) throws ApiException {
        return send(path, "PUT", BodyPublishers.ofString(body));
    }

    public Reply delete(String path) throws ApiException {
        return send(path, "DELETE", BodyPublishers.noBody());
    }

    private Reply send(String path, String method, BodyPublisher body) throws ApiException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(address.resolve(path.substring(1)))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, application/problem+json")
                .method(method, body);
        authorization.ifPresent(value -> builder.header("Authorization", value));
        HttpRequest request = builder.build();
        HttpResponse<byte[]> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw ApiException.unreachable("no scheduler answers at " + address
                    + " (" + (e.getMessage() == null ? "connection refused" : e.getMessage())
                    + "); name another with --url or MOORING_URL");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.unreachable("interrupted");
        }
        String text = new String(response.body(), StandardCharsets.UTF_8);
        if (response.statusCode() == 503) {
            throw ApiException.unreachable("no leader: " + new Refusal(parse(text)).words(503));
        }
        if (response.statusCode() >= 400) {
            throw ApiException.refused(new Refusal(parse(text)).words(response.statusCode()));
        }
        return new Reply(response.statusCode(), text, parse(text));
    }

    private JsonNode parse(String text) {
        try {
            JsonNode tree = text.isBlank() ? null : json.readTree(text);
            return tree == null ? json.createObjectNode() : tree;
        } catch (JsonProcessingException e) {
            return json.createObjectNode().put("message", text.strip());
        }
    }
}
