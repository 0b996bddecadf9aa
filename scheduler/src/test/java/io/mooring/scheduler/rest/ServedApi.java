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
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.cluster.TaskHealth;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.decision.Policy.DriverPolicy;
import io.mooring.scheduler.decision.StatusUpdate;
import io.mooring.scheduler.definition.AppVersion;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.engine.Engine;
import io.mooring.scheduler.engine.Store;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.volume.FenceClass;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The API over HTTP, with a real engine behind it and Mesos played by the test. */
abstract class ServedApi {
    static final ObjectMapper JSON = new ObjectMapper();
    static final EngineAccess ACCESS = new EngineAccess(Duration.ofSeconds(10));
    /** That of the running server. */
    private static volatile EventStream events;

    final DropwizardTestSupport<Configuration> server =
            new DropwizardTestSupport<>(ApiServer.class, ResourceHelpers.resourceFilePath("api.yml"));
    final HttpClient http = HttpClient.newHttpClient();
    private final List<Effect> effects = new ArrayList<>();
    private final Map<String, AppVersion> kept = new ConcurrentHashMap<>();
    Engine engine;

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
                    events,
                    Optional.empty());
        }
    }

    @BeforeEach
    void start() throws Exception {
        events = new EventStream();
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
        engine = new Engine(decider, this::commit, this::perform, InstantSource.system(), why -> {});
        engine.start();
        engine.post((d, decision) -> d.subscribed(new FrameworkId("framework-1"), decision));
        ACCESS.open(
                engine,
                (app, version) ->
                        CompletableFuture.completedFuture(Optional.ofNullable(kept.get(app + " " + version))));
    }

    @AfterEach
    void stop() {
        ACCESS.shut();
        engine.close();
        events.close(); // a stream never ends by itself, and the server waits for requests in flight
        server.after();
    }

    private void commit(List<StoreRecord> records, Consumer<Store.Outcome> outcome) {
        for (StoreRecord record : records) {
            if (record instanceof StoreRecord.KeepVersion keep) {
                kept.put(keep.version().app() + " " + keep.version().version(), keep.version());
            } else if (record instanceof StoreRecord.ForgetVersion forget) {
                kept.remove(forget.app() + " " + forget.version());
            }
        }
        outcome.accept(new Store.Outcome.Committed());
    }

    private synchronized void perform(Effect effect) {
        effects.add(effect);
        if (effect instanceof Effect.Publish publish) {
            events.accept(publish.notice());
        }
    }

    record Answer(int status, String type, String text, Map<String, List<String>> headers) {
        JsonNode json() throws Exception {
            return JSON.readTree(text);
        }
    }

    Answer send(String method, String path, String body) throws Exception {
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

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    }

    Answer get(String path) throws Exception {
        return send("GET", path, null);
    }

    static List<String> keys(JsonNode object) {
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    static final String ORDERS =
            "{'id':'/orders','cmd':'run','ports':[],'env':{'DVDI_VOLUME_NAME':'orders-db','DVDI_VOLUME_OPTS':'size=5,iops=9'}}";

    // ---- Mesos

    void offer() {
        Offer offer = new Offer(
                new OfferId("offer-" + UUID.randomUUID()),
                new AgentId("a1"),
                "a1.example",
                Optional.of(new MachineKey("m1")),
                Optional.of("zone-1"),
                Map.of("@region", "north"),
                new Resources(4, 4096, 1000),
                Optional.of(8),
                List.of(new Offer.PortRange(31000, 31100)),
                List.of("*"));
        engine.post((decider, decision) -> decider.offers(List.of(offer), decision));
    }

    void update(TaskId task, Report report, ExecutorReport content) {
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

    void health(TaskId task, TaskHealth.Verdict verdict, String why) {
        StatusUpdate update = new StatusUpdate(
                task,
                Optional.of(new AgentId("a1")),
                Report.RUNNING,
                StatusUpdate.Source.EXECUTOR,
                "",
                why,
                Optional.empty(),
                Optional.empty(),
                verdict);
        engine.post((decider, decision) -> decider.update(update, decision));
    }

    void inspected() throws Exception {
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

    Claim activated() throws Exception {
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

    void released(Claim claim) {
        ReleasedVolume volume =
                new ReleasedVolume(claim.id(), claim.fence(), false, true, true, true, true, true, Optional.empty());
        update(claim.task(), Report.KILLED, new ReleaseRecord(claim.machine(), new BootId("b1"), List.of(volume)));
    }
}
