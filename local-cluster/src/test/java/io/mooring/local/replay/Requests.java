package io.mooring.local.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Message;
import io.mooring.local.wire.MesosJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Sends the requests of a recording and compares their answers. */
final class Requests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> OWN_HEADERS = Set.of("host", "content-length", "connection");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Stage stage;
    private final Matching matching;
    private final Path bin;

    Requests(Stage stage, Matching matching, Path bin) {
        this.stage = stage;
        this.matching = matching;
        this.bin = bin;
    }

    /** Sends it and compares status and headers; nothing for a request that was never answered. */
    Optional<HttpResponse<InputStream>> send(JsonNode step) throws IOException, InterruptedException {
        JsonNode request = step.get("request");
        String path = request.get("path").asText();
        int port = stage.port(request.at("/headers/Host").asText(), matching);
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + port + path.replace("(", "%28").replace(")", "%29")))
                .method(request.get("method").asText(), body(request));
        request.path("headers").properties().forEach(header -> {
            if (!OWN_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                builder.header(
                        header.getKey(), matching.translate(header.getValue().asText()));
            }
        });
        HttpResponse<InputStream> response = http.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
        JsonNode recorded = step.get("response");
        assertThat(recorded.isObject()).as("the real one answered").isTrue();
        assertThat(response.statusCode())
                .as("status")
                .isEqualTo(recorded.get("status").asInt());
        headers(recorded.path("headers"), response);
        return Optional.of(response);
    }

    private HttpRequest.BodyPublisher body(JsonNode request) {
        if (request.has("body_base64")) {
            byte[] raw = Base64.getDecoder().decode(request.get("body_base64").asText());
            boolean gzip = request.at("/headers/Content-Encoding").asText().equals("gzip");
            String text = new String(raw, StandardCharsets.ISO_8859_1);
            String translated = gzip ? text : matching.translate(text);
            return HttpRequest.BodyPublishers.ofByteArray(translated.getBytes(StandardCharsets.ISO_8859_1));
        }
        if (request.has("body_text")) {
            return HttpRequest.BodyPublishers.ofString(request.get("body_text").asText());
        }
        JsonNode body = request.path("body");
        if (body.isMissingNode() || (body.isTextual() && body.asText().isEmpty())) {
            return HttpRequest.BodyPublishers.noBody();
        }
        boolean form =
                body.isTextual() && request.at("/headers/Content-Type").asText().contains("urlencoded");
        String text = matching.translate(form ? body.asText() : body.toString());
        return HttpRequest.BodyPublishers.ofString(text.replace("<bin>", bin.toString()));
    }

    private void headers(JsonNode recorded, HttpResponse<?> response) {
        recorded.properties().forEach(header -> {
            String name = header.getKey();
            String value = response.headers().firstValue(name).orElse("(absent)");
            if (name.equals("Mesos-Stream-Id")) {
                matching.learn(header.getValue().asText(), value);
            } else if (!name.equals("Date") && !name.equals("Content-Length")) {
                assertThat(value)
                        .as(name)
                        .isEqualTo(matching.translate(header.getValue().asText()));
            }
        });
        response.headers().map().keySet().forEach(name -> assertThat(recorded.fieldNames())
                .toIterable()
                .anySatisfy(each -> assertThat(each).isEqualToIgnoringCase(name)));
    }

    void compareBody(JsonNode step, HttpResponse<InputStream> response) throws IOException {
        byte[] body = response.body().readAllBytes();
        JsonNode recorded = step.get("response");
        JsonNode expected = recorded.path("body");
        if (recorded.has("decoded")) {
            Message answer = org.apache.mesos.v1.master.Protos.Response.parseFrom(body);
            assertThat(matching.difference(recorded.get("decoded"), JSON.readTree(MesosJson.print(answer))))
                    .as("body")
                    .isEmpty();
        } else if (expected.isContainerNode()) {
            assertThat(matching.trimmed(expected, JSON.readTree(body)))
                    .as("body")
                    .isEmpty();
        } else if (!expected.isMissingNode()) {
            assertThat(new String(body, StandardCharsets.UTF_8))
                    .as("body")
                    .isEqualTo(matching.translate(expected.asText()));
        }
    }

    /** What a stream of protobuf consists of; null for one of JSON. */
    Message eventType(JsonNode step, HttpResponse<?> response) {
        if (!response.headers().firstValue("content-type").orElse("").equals("application/x-protobuf")) {
            return null;
        }
        String path = step.at("/request/path").asText();
        if (path.contains("executor")) {
            return org.apache.mesos.v1.executor.Protos.Event.getDefaultInstance();
        }
        return path.contains("scheduler")
                ? org.apache.mesos.v1.scheduler.Protos.Event.getDefaultInstance()
                : org.apache.mesos.v1.master.Protos.Event.getDefaultInstance();
    }

    void teardown(String framework, String streamId) throws IOException, InterruptedException {
        http.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + stage.cluster().masterPort() + "/api/v1/scheduler"))
                        .header("Content-Type", "application/json")
                        .header("Mesos-Stream-Id", streamId)
                        .header("Authorization", "Basic Znc6czM=")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"type\":\"TEARDOWN\",\"framework_id\":{\"value\":\"" + framework + "\"}}"))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }
}
