package io.mooring.plugin.backend.scaleio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.probe.AnyCertificate;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * Calls of the ScaleIO gateway's REST API: GET {@code /api/login} with name and password answers a token, which is the
 * password of every other call, with an empty name; a 401 later means that the token is too old. JSON with a version in its
 * type. An error has {@code message} and {@code errorCode}.
 */
final class Gateway {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private final URI endpoint;
    private final String userName;
    private final String password;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client;
    private String version;
    private String token = "";

    /** Whether the gateway's certificate is believed whatever it is. */
    enum Trust {
        VERIFIED,
        ANY
    }

    /**
     * @param endpoint such as {@code https://gateway/api}
     * @param version of the API; asked for when empty
     */
    Gateway(URI endpoint, String userName, String password, String version, Trust trust) {
        String text = endpoint.toString();
        this.endpoint = text.endsWith("/") ? endpoint : URI.create(text + "/");
        this.userName = userName;
        this.password = password;
        this.version = version;
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10));
        if (trust == Trust.ANY) {
            builder.sslContext(AnyCertificate.context());
        }
        this.client = builder.build();
    }

    /** Reads something. */
    JsonNode get(String path) throws VolumeException {
        return call("GET", path, Optional.empty());
    }

    /** Does something. */
    JsonNode post(String path, ObjectNode body) throws VolumeException {
        return call("POST", path, Optional.of(body));
    }

    ObjectNode object() {
        return json.createObjectNode();
    }

    private synchronized JsonNode call(String method, String path, Optional<ObjectNode> body) throws VolumeException {
        if (token.isEmpty()) {
            login();
        }
        HttpResponse<String> response = send(method, path, body, "", token);
        if (response.statusCode() == 401) {
            login();
            response = send(method, path, body, "", token);
        }
        return read(path, response);
    }

    private void login() throws VolumeException {
        token = unquoted(read("login", send("GET", "login", Optional.empty(), userName, password)));
        if (version.isEmpty()) {
            String full = unquoted(read("version", send("GET", "version", Optional.empty(), "", token)));
            version = full.replaceFirst("^(\\d+\\.\\d+).*$", "$1");
        }
    }

    private static String unquoted(JsonNode node) {
        return node.asText();
    }

    private HttpResponse<String> send(String method, String path, Optional<ObjectNode> body, String user, String secret)
            throws VolumeException {
        String type = "application/json" + (version.isEmpty() ? "" : ";version=" + version);
        String basic = Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.resolve(path))
                .timeout(DEADLINE)
                .header("Authorization", "Basic " + basic)
                .header("Accept", type)
                .method(
                        method,
                        body.map(json -> HttpRequest.BodyPublishers.ofString(json.toString()))
                                .orElse(HttpRequest.BodyPublishers.noBody()));
        if (body.isPresent()) {
            request.header("Content-Type", type);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new VolumeException("the ScaleIO gateway " + endpoint + " did not answer " + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VolumeException("given up because the service stops", e);
        }
    }

    private JsonNode read(String path, HttpResponse<String> response) throws VolumeException {
        try {
            JsonNode tree = response.body().isBlank() ? object() : json.readTree(response.body());
            if (response.statusCode() >= 200 && response.statusCode() < 300) {
                return tree;
            }
            throw new VolumeException("the ScaleIO gateway refused " + path + ": "
                    + tree.path("message").asText("HTTP " + response.statusCode()));
        } catch (JsonProcessingException e) {
            throw new VolumeException(
                    "the ScaleIO gateway answered " + path + " with what is no JSON (HTTP " + response.statusCode()
                            + ")",
                    e);
        }
    }
}
