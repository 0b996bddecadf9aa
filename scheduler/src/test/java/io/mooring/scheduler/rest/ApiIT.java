package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.common.ids.AgentId;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.Agent;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code /v1} over HTTP. */
class ApiIT extends ServedApi {
    // ---- /v1

    @Test
    void showsAVolumeWithEveryKeyBeforeItExists() throws Exception {
        Answer created = send("POST", "/v1/volumes", "{'name':'orders-db','driver':'rexray'}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(keys(created.json()))
                .contains(
                        "name",
                        "driver",
                        "state",
                        "accessMode",
                        "sizeGb",
                        "iops",
                        "type",
                        "fsType",
                        "zone",
                        "class",
                        "takeover",
                        "reclaim",
                        "fence",
                        "needsFsck",
                        "waitsFor",
                        "claim");
        assertThat(created.json().get("driver").textValue()).isEqualTo("loop");
        assertThat(created.json().get("state").textValue()).isEqualTo("PROVISIONING");
        assertThat(created.json().get("claim").isNull()).isTrue();
        assertThat(get("/v1/volumes/orders-db").json()).isEqualTo(created.json());
        assertThat(get("/v1/volumes").json().get("items").get(0)).isEqualTo(created.json());
        assertThat(get("/v1/volumes/orders-db/claim").text()).isEqualTo("{\"claim\":null,\"readers\":[]}");
        assertThat(get("/v1/volumes/orders-db/history").text()).isEqualTo("{\"items\":[]}");
    }

    @Test
    void showsAClaimWithEveryKeyWhileItIsHeldAndAfterwards() throws Exception {
        Claim claim = activated();

        JsonNode held = get("/v1/volumes/orders-db/claim").json().get("claim");
        assertThat(keys(held))
                .contains(
                        "id",
                        "volume",
                        "state",
                        "mode",
                        "fence",
                        "epoch",
                        "app",
                        "task",
                        "agent",
                        "machine",
                        "bootId",
                        "since",
                        "stuck",
                        "evidence",
                        "waitingFor",
                        "next");
        assertThat(held.get("state").textValue()).isEqualTo("ACTIVATED");
        assertThat(held.get("bootId").textValue()).isEqualTo("b1");
        assertThat(get("/v1/claims").json().get("items").get(0)).isEqualTo(held);
        assertThat(get("/v1/volumes/orders-db").json().get("claim")).isEqualTo(held);
        assertThat(send("DELETE", "/v1/volumes/orders-db", null).status()).isEqualTo(409);

        released(claim);
        JsonNode past = get("/v1/volumes/orders-db/history").json().get("items").get(0);
        assertThat(keys(past)).containsAll(keys(held)).contains("releasedAt", "releasedBy");
        assertThat(past.get("releasedBy").get("code").textValue()).isEqualTo("E1");
        assertThat(keys(past.get("releasedBy"))).containsExactly("code", "at", "by", "what");
    }

    @Test
    void showsAnAgentThatCameBackUnderANewIdTwiceOnlyWhileTheOldOneHoldsSomething() throws Exception {
        Claim held = activated();
        engine.ask((decider, decision) -> {
                    Agent lost = decider.state().agents().iterator().next();
                    decider.agentLost(lost.id(), decision);
                    decider.state()
                            .putAgent(new Agent(
                                    new AgentId("again"),
                                    lost.hostname(),
                                    Agent.State.ACTIVE,
                                    lost.machine(),
                                    lost.boot(),
                                    lost.zone(),
                                    lost.attributes(),
                                    lost.plugins(),
                                    lost.unclean(),
                                    lost.slots(),
                                    lost.inspected(),
                                    lost.engine()));
                    return true;
                })
                .get();
        assertThat(get("/v1/agents").json().get("items")).hasSize(2);

        released(held);

        assertThat(get("/v1/agents").json().get("items"))
                .singleElement()
                .satisfies(agent -> assertThat(agent.get("id").textValue()).isEqualTo("again"));
    }

    @Test
    void showsAgentsAndStatusWithEveryKey() throws Exception {
        inspected();

        JsonNode agent = get("/v1/agents").json().get("items").get(0);
        assertThat(keys(agent))
                .containsExactlyInAnyOrder(
                        "id", "hostname", "machine", "bootId", "state", "zone", "slots", "drivers", "unclean");
        assertThat(keys(agent.get("slots"))).containsExactly("total", "used");
        assertThat(agent.get("drivers").get(0).toString())
                .isEqualTo("{\"name\":\"loop\",\"class\":\"B\",\"state\":\"HEALTHY\",\"generation\":\"loop/1\"}");
        JsonNode status = get("/v1/status").json();
        assertThat(keys(status))
                .containsExactlyInAnyOrder(
                        "version",
                        "self",
                        "leader",
                        "epoch",
                        "framework",
                        "mesos",
                        "zookeeper",
                        "brake",
                        "discrepancies",
                        "safeMode");
        assertThat(status.get("framework").get("id").textValue()).isEqualTo("framework-1");
        assertThat(status.get("mesos").toString()).isEqualTo("{\"master\":null,\"state\":\"DISCONNECTED\"}");
    }

    @Test
    void explainsWhyAnAppWaits() throws Exception {
        send("POST", "/v2/apps", "{'id':'/shop/web','cmd':'run','cpus':64}");
        offer();

        JsonNode explanation = get("/v1/apps/shop/web/explain").json();

        assertThat(explanation.get("missing").intValue()).isEqualTo(1);
        assertThat(explanation.get("vetoes").get(0).get("kind").textValue()).isEqualTo("RESOURCES");
        assertThat(keys(explanation.get("vetoes").get(0))).containsExactly("kind", "count", "reason", "agent");
        problem(get("/v1/apps/none/explain"), 404);
    }

    @Test
    void tellsRefusalsAsProblems() throws Exception {
        problem(send("POST", "/v1/volumes", "{"), 400);
        problem(get("/v1/volumes/none"), 404);
        problem(get("/v1/volumes/none/claim"), 404);
        problem(get("/v1/volumes/none/history"), 404);
        problem(get("/v1/volumes/..%2Fx"), 404);
        problem(get("/v1/volumes/.x"), 404);
        problem(get("/v1/nonsense"), 404);
        problem(send("DELETE", "/v1/volumes/none", null), 404);
        problem(send("PUT", "/v1/volumes", "{}"), 405);
        problem(send("POST", "/v1/volumes", "[]"), 422);
        send("POST", "/v1/volumes", "{'name':'orders-db','driver':'loop'}");
        problem(send("POST", "/v1/volumes", "{'name':'Orders-DB','driver':'loop'}"), 409);

        JsonNode invalid = problem(send("POST", "/v1/volumes", "{'name':'../x','driver':'loop'}"), 422);
        assertThat(invalid.get("errors").get(0).get("path").textValue()).isEqualTo("/name");
        assertThat(keys(invalid.get("errors").get(0))).containsExactly("path", "what", "expected");
    }

    @Test
    void answersNothingWhileItDoesNotLead() throws Exception {
        ACCESS.shut();

        problem(get("/v1/volumes"), 503);
        Answer marathon = get("/v2/apps");
        assertThat(marathon.status()).isEqualTo(503);
        assertThat(keys(marathon.json())).containsExactly("message");
        assertThat(get("/ping").text()).isEqualTo("pong");
    }

    @Test
    void boundsABodyWhetherItStatesItsLengthOrNot() throws Exception {
        String huge = "{'id':'/web','cmd':'" + "x".repeat(BodyLimit.MOST_BYTES) + "'}";
        assertThat(send("POST", "/v2/apps", huge).status()).isEqualTo(413);

        byte[] bytes = huge.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        HttpRequest chunked = HttpRequest.newBuilder(uri("/v1/volumes"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes)))
                .build();
        assertThat(http.send(chunked, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
    }

    @Test
    void sendsEventsWhenTheyHappen() throws Exception {
        HttpRequest listen = HttpRequest.newBuilder(uri("/v1/events"))
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<InputStream> stream = http.send(listen, BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).startsWith(":");
            send("POST", "/v1/volumes", "{'name':'orders-db','driver':'loop'}");

            String line = lines.readLine();
            while (!line.startsWith("event:")) {
                line = lines.readLine();
            }
            assertThat(line).isEqualTo("event: volume_declared");
            JsonNode data = JSON.readTree(lines.readLine().substring("data: ".length()));
            assertThat(data.get("volume").textValue()).isEqualTo("orders-db");
            assertThat(keys(data)).contains("eventType", "timestamp");
        }
    }

    private static JsonNode problem(Answer answer, int status) throws Exception {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.type()).startsWith("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(keys(problem)).containsExactly("type", "title", "status", "detail", "instance", "errors");
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("detail").textValue()).isNotBlank();
        assertThat(problem.get("instance").textValue()).startsWith("/v1/");
        return problem;
    }

    @Test
    void tellsWhatAVolumesNameLooksLikeWhenThePathHasNone() throws Exception {
        Answer answer = get("/v1/volumes/..%2fx");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().at("/errors/0/what").asText()).contains("../x");
        assertThat(answer.json().at("/errors/0/expected").asText()).contains("2 to 128 letters");
    }

    @Test
    void refusesWhatIsNoHttpInTheFormOfAllRefusals() throws Exception {
        for (String path : List.of("/v1/volumes/a%00b", "/v1/volumes/%c3%28", "/v2/apps/%ff")) {
            Answer answer = get(path);

            assertThat(answer.status()).as(path).isIn(400, 404, 422);
            assertThat(answer.type()).as(path).contains("json");
            assertThat(answer.json().has("detail") || answer.json().has("message"))
                    .as(path)
                    .isTrue();
        }
    }

    @Test
    void takesAnOperatorsWordOnlyWithTheRightMachineAndAReason() throws Exception {
        problem(send("POST", "/v1/volumes/none/claim/release", "{'machine':'m','reason':'r'}"), 404);
        problem(send("POST", "/v1/volumes/none/claim/release", "{'machine':'m'}"), 422);
        send("POST", "/v1/volumes", "{'name':'orders-db','driver':'loop'}");
        problem(send("POST", "/v1/volumes/orders-db/claim/release", "{'machine':'m','reason':'r'}"), 404);
        problem(send("POST", "/v1/volumes/orders-db/clear", "{'reason':'r'}"), 409);
        problem(send("POST", "/v1/volumes/orders-db/clear", "{}"), 422);
    }

    @Test
    void tellsWhoPulledTheBrakeAndWhy() throws Exception {
        assertThat(get("/v1/brake").json().get("engaged").booleanValue()).isFalse();
        problem(send("PUT", "/v1/brake", "{}"), 422);

        Answer on = send("PUT", "/v1/brake", "{'engaged':true,'reason':'rack 7 is dark'}");

        assertThat(keys(on.json())).containsExactly("engaged", "since", "by", "reason");
        assertThat(get("/v1/status").json().at("/brake/reason").asText()).isEqualTo("rack 7 is dark");
        send("PUT", "/v1/brake", "{'engaged':false}");
        assertThat(get("/v1/status").json().get("brake").isNull()).isTrue();
        assertThat(send("PUT", "/v1/safe-mode", "{'engaged':true,'reason':'drill'}")
                        .status())
                .isEqualTo(200);
        assertThat(get("/v1/status").json().at("/safeMode/engaged").booleanValue())
                .isTrue();
    }

    @Test
    void importsWhatTheBackendHas() throws Exception {
        Answer answer = send("POST", "/v1/volumes/old-db/import", "{'driver':'loop'}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().get("state").textValue()).isEqualTo("PROVISIONING");
        problem(send("POST", "/v1/volumes/old-db/import", "{'driver':'loop'}"), 409);
        problem(send("POST", "/v1/volumes/other-db/import", "{}"), 422);
    }

    @Test
    void showsWhatSurvivesWithoutTheStore() throws Exception {
        JsonNode trace = get("/v1/rebuild").json().get("items").get(0);

        assertThat(keys(trace))
                .containsExactly(
                        "volume", "driver", "claim", "fence", "task", "machine", "bootId", "sources", "verdict");
        assertThat(trace.get("volume").textValue()).isEqualTo("lost-db");
        assertThat(trace.get("fence").longValue()).isEqualTo(9);
        assertThat(trace.get("verdict").textValue()).contains("not on record");
    }

    @Test
    void countsDisagreementsInItsMetrics() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.getAdminPort() + "/metrics"))
                .build();

        JsonNode metrics =
                JSON.readTree(http.send(request, BodyHandlers.ofString()).body());

        assertThat(metrics.at("/gauges/mooring.discrepancies.attached-elsewhere/value")
                        .isNumber())
                .isTrue();
    }
}
