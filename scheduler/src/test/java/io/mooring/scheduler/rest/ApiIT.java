package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.DropwizardTestSupport;
import io.dropwizard.testing.ResourceHelpers;
import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.ClaimToActivate;
import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.OfferId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.DriverName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.decision.Policy.DriverPolicy;
import io.mooring.scheduler.decision.StatusUpdate;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.engine.Engine;
import io.mooring.scheduler.engine.Store;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.volume.FenceClass;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API over HTTP, with a real engine behind it and Mesos played by the test. */
class ApiIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final EngineAccess ACCESS = new EngineAccess(Duration.ofSeconds(10));
    private static final EventStream EVENTS = new EventStream();

    private final DropwizardTestSupport<Configuration> server =
            new DropwizardTestSupport<>(ApiServer.class, ResourceHelpers.resourceFilePath("api.yml"));
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Effect> effects = new ArrayList<>();
    private Engine engine;

    /** Serves the API, and nothing of the process around it. */
    public static final class ApiServer extends Application<Configuration> {
        /** Logging stays as the tests have it. */
        @Override
        protected void bootstrapLogging() {}

        @Override
        public void run(Configuration configuration, Environment environment) {
            Api.serve(
                    configuration.getServerFactory(),
                    environment,
                    ACCESS,
                    new LeaderOfATest(),
                    EVENTS,
                    Optional.empty());
        }
    }

    @BeforeEach
    void start() throws Exception {
        server.before();
        Policy policy = new Policy(
                7,
                new Resources(0.05, 96, 0),
                Map.of(new DriverName("rexray"), new DriverName("loop")),
                Map.of(new DriverName("loop"), new DriverPolicy(FenceClass.B)),
                "/var/lib/rexray/volumes/{name}",
                1,
                Policy.Timing.usual(),
                Policy.Takeover.usual(),
                Optional.empty());
        Decider decider =
                new Decider(new ClusterState(), policy, () -> UUID.randomUUID().toString());
        engine = new Engine(
                decider,
                (records, outcome) -> outcome.accept(new Store.Outcome.Committed()),
                this::perform,
                InstantSource.system(),
                why -> {});
        engine.start();
        engine.post((d, decision) -> d.subscribed(new FrameworkId("framework-1"), decision));
        ACCESS.open(engine);
    }

    @AfterEach
    void stop() {
        ACCESS.shut();
        engine.close();
        server.after();
    }

    private synchronized void perform(Effect effect) {
        effects.add(effect);
        if (effect instanceof Effect.Publish publish) {
            EVENTS.accept(publish.notice());
        }
    }

    private record Answer(int status, String type, String text, Map<String, List<String>> headers) {
        JsonNode json() throws Exception {
            return JSON.readTree(text);
        }
    }

    private Answer send(String method, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
        request.method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.replace('\'', '"')));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        return new Answer(
                answer.statusCode(),
                answer.headers().firstValue("Content-Type").orElse(""),
                answer.body(),
                answer.headers().map());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    }

    private Answer get(String path) throws Exception {
        return send("GET", path, null);
    }

    private static List<String> keys(JsonNode object) {
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static final String ORDERS =
            "{'id':'/orders','cmd':'run','ports':[],'env':{'DVDI_VOLUME_NAME':'orders-db','DVDI_VOLUME_OPTS':'size=5,iops=9'}}";

    // ---- Mesos

    private void offer() {
        Offer offer = new Offer(
                new OfferId("offer-" + UUID.randomUUID()),
                new AgentId("a1"),
                "a1.example",
                Optional.of(new MachineKey("m1")),
                Optional.of("zone-1"),
                Map.of(),
                new Resources(4, 4096, 1000),
                Optional.of(8),
                List.of(),
                List.of("*"));
        engine.post((decider, decision) -> decider.offers(List.of(offer), decision));
    }

    private void update(TaskId task, Report report, ExecutorReport content) {
        StatusUpdate update = new StatusUpdate(
                task,
                Optional.of(new AgentId("a1")),
                report,
                StatusUpdate.Source.EXECUTOR,
                "",
                "",
                Optional.empty(),
                Optional.of(content));
        engine.post((decider, decision) -> decider.update(update, decision));
    }

    private void inspected() throws Exception {
        offer();
        TaskId task = engine.ask((decider, decision) ->
                        decider.state().operations().iterator().next().id())
                .get();
        PluginReport plugin = new PluginReport(
                new DriverName("loop"), true, "loop/1", true, Optional.of("B"), OptionalLong.of(100L << 30), List.of());
        update(
                task,
                Report.FINISHED,
                new AgentReport(new MachineKey("m1"), new BootId("b1"), List.of(plugin), List.of()));
    }

    private Claim activated() throws Exception {
        inspected();
        assertThat(send("POST", "/v2/apps", ORDERS).status()).isEqualTo(201);
        offer();
        Claim claim = engine.ask((decider, decision) ->
                        decider.state().claims().iterator().next())
                .get();
        ClaimToActivate asked = new ClaimToActivate(claim.id(), claim.volume(), claim.fence(), 0, Optional.empty());
        update(
                claim.task(),
                Report.STARTING,
                new ActivationRequest(claim.task(), claim.machine(), new BootId("b1"), List.of(asked)));
        return claim;
    }

    private void released(Claim claim) {
        ReleasedVolume volume =
                new ReleasedVolume(claim.id(), claim.fence(), false, true, true, true, true, true, Optional.empty());
        update(claim.task(), Report.KILLED, new ReleaseRecord(claim.machine(), new BootId("b1"), List.of(volume)));
    }

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

    // ---- /v2

    @Test
    void createsAnAppAsMarathonDoes() throws Exception {
        Answer created = send("POST", "/v2/apps", ORDERS);

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.headers().get("location").get(0)).endsWith("/orders");
        JsonNode app = created.json();
        assertThat(created.headers().get("marathon-deployment-id"))
                .containsExactly(app.get("deployments").get(0).get("id").textValue());
        assertThat(keys(app))
                .contains(
                        "id",
                        "cmd",
                        "cpus",
                        "mem",
                        "disk",
                        "instances",
                        "env",
                        "labels",
                        "constraints",
                        "version",
                        "versionInfo",
                        "tasksStaged",
                        "tasksRunning",
                        "tasksHealthy",
                        "tasksUnhealthy",
                        "deployments",
                        "mooring");
        assertThat(app.get("mooring").get("notes").get(0).textValue()).contains("'rexray'", "'loop'");
        assertThat(get("/v2/apps").json().get("apps")).hasSize(1);
        assertThat(get("/v2/deployments")
                        .json()
                        .get(0)
                        .get("affectedApps")
                        .get(0)
                        .textValue())
                .isEqualTo("/orders");
    }

    @Test
    void showsAnAppWithItsTasks() throws Exception {
        activated();

        JsonNode app = get("/v2/apps//orders").json().get("app");
        assertThat(app.get("tasksStaged").intValue()).isEqualTo(1);
        JsonNode task = get("/v2/apps/orders/tasks").json().get("tasks").get(0);
        assertThat(task).isEqualTo(app.get("tasks").get(0));
        assertThat(keys(task))
                .contains("id", "appId", "host", "slaveId", "ports", "state", "stagedAt", "startedAt", "version");
        assertThat(task.get("state").textValue()).isEqualTo("TASK_STARTING");
    }

    @Test
    void changesAnAppByTheFieldsThatAreGiven() throws Exception {
        send("POST", "/v2/apps", "{'id':'/web','cmd':'run','cpus':0.5}");

        Answer locked = send("PUT", "/v2/apps/web", "{'instances':3}");
        assertThat(locked.status()).isEqualTo(409);
        assertThat(locked.json().get("deployments").get(0).get("id").isTextual())
                .isTrue();
        Answer changed = send("PUT", "/v2/apps/web?force=true", "{'instances':3}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(keys(changed.json())).contains("version", "deploymentId");
        JsonNode app = get("/v2/apps/web").json().get("app");
        assertThat(app.get("instances").intValue()).isEqualTo(3);
        assertThat(app.get("cpus").doubleValue()).isEqualTo(0.5);
        assertThat(send("PUT", "/v2/apps/new", "{'cmd':'run'}").status()).isEqualTo(201);
    }

    @Test
    void deletesAndRestarts() throws Exception {
        send("POST", "/v2/apps", "{'id':'/web','cmd':'run','instances':0}");

        assertThat(send("POST", "/v2/apps/web/restart", null).status()).isEqualTo(200);
        assertThat(send("DELETE", "/v2/apps/web", null).status()).isEqualTo(200);
        assertThat(get("/v2/apps/web").status()).isEqualTo(404);
    }

    @Test
    void tellsRefusalsAsMarathonDoes() throws Exception {
        Answer malformed = send("POST", "/v2/apps", "{'id':");
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(malformed.json().get("message").textValue()).isEqualTo("Invalid JSON");
        assertThat(malformed.json().get("details").textValue()).contains("line 1");
        Answer invalid = send("POST", "/v2/apps", "{'id':'/web','cmd':'run','env':{'DVDI_VOLUME_NAME':'../x'}}");
        assertThat(invalid.status()).isEqualTo(422);
        assertThat(invalid.json().get("message").textValue()).isEqualTo("Object is not valid");
        assertThat(invalid.json().get("details").get(0).get("path").textValue()).isEqualTo("/env/DVDI_VOLUME_NAME");
        assertThat(invalid.json().get("details").get(0).get("errors").get(0).textValue())
                .contains("expected:");
        assertThat(send("POST", "/v2/apps", "[]").status()).isEqualTo(422);
        assertThat(send("POST", "/v2/apps", "").status()).isIn(400, 422);
        assertThat(get("/v2/apps/none").json().get("message").textValue()).isEqualTo("App '/none' does not exist");
        assertThat(send("DELETE", "/v2/apps/none", null).status()).isEqualTo(404);
        assertThat(send("POST", "/v2/apps/none/restart", null).status()).isEqualTo(404);
        assertThat(get("/v2/apps/none/tasks").status()).isEqualTo(404);
        assertThat(get("/v2/nonsense").status()).isEqualTo(404);
        assertThat(keys(get("/v2/nonsense").json())).containsExactly("message");
        send("POST", "/v2/apps", "{'id':'/web','cmd':'run'}");
        assertThat(send("POST", "/v2/apps", "{'id':'/web','cmd':'run'}").status())
                .isEqualTo(409);
        assertThat(get("/v2/apps").json().get("apps")).hasSize(1);
    }

    @Test
    void tellsWhatWaitsInTheQueue() throws Exception {
        send("POST", "/v2/apps", "{'id':'/web','cmd':'run','cpus':64}");
        offer();

        JsonNode item = get("/v2/queue").json().get("queue").get(0);

        assertThat(item.get("count").intValue()).isEqualTo(1);
        assertThat(keys(item)).contains("app", "count", "delay", "since", "processedOffersSummary");
        assertThat(item.get("delay").get("overdue").booleanValue()).isTrue();
    }

    @Test
    void tellsAboutItself() throws Exception {
        JsonNode info = get("/v2/info").json();
        assertThat(info.get("elected").booleanValue()).isTrue();
        assertThat(keys(info))
                .contains(
                        "name",
                        "version",
                        "leader",
                        "frameworkId",
                        "marathon_config",
                        "zookeeper_config",
                        "http_config");
        assertThat(get("/v2/leader").text()).isEqualTo("{\"leader\":\"127.0.0.1:8080\"}");
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
