package io.mooring.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.MountMode;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.AppRequests.Draft;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.engine.Store;
import io.mooring.scheduler.marathon.AppReader;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import io.mooring.scheduler.zookeeper.Leadership;
import io.mooring.scheduler.zookeeper.Owner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Apps with a volume each, as they are posted, and as they stand in the store when each has a running task. */
final class Apps {
    private static final int IN_A_COMMIT = 40;
    private static final int ON_A_MACHINE = 100;
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Apps() {}

    static Requests.Request post(String name, int number) {
        return new Requests.Request("POST", "/v2/apps", definition(name + "-" + number));
    }

    static Requests.Request stop(String name, int number) {
        return new Requests.Request("PUT", "/v2/apps/" + name + "-" + number + "?force=true", "{\"instances\": 0}");
    }

    private static String definition(String id) {
        return """
                {"id": "/%s", "cmd": "exec ./run --data /var/lib/rexray/volumes/%s", "cpus": 0.1, "mem": 64,
                 "instances": 1, "labels": {"team": "storage", "mooring/%s/reclaim": "retain"},
                 "portDefinitions": [{"port": 0, "name": "http"}],
                 "healthChecks": [{"protocol": "MESOS_HTTP", "path": "/health", "portIndex": 0,
                                   "gracePeriodSeconds": 300, "intervalSeconds": 60}],
                 "env": {"DVDI_VOLUME_NAME": "%s", "DVDI_VOLUME_DRIVER": "loop",
                         "DVDI_VOLUME_OPTS": "size=5,newfstype=ext4"}}""".formatted(id, id, id, id);
    }

    /** Writes that many apps, each with its volume, its claim and its running task, as a leader would. */
    static void fill(String connect, Path epochFile, int apps)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        CountDownLatch elected = new CountDownLatch(1);
        Leadership leader = new Leadership(
                new Leadership.Settings(connect, 20_000, "filler", new Owner("mooring", Optional.empty()), epochFile),
                InstantSource.system());
        leader.stand(new Leadership.Candidate() {
            @Override
            public void elected() {
                elected.countDown();
            }

            @Override
            public void lost(String why) {
                System.err.println(why);
            }

            @Override
            public void refused(String why) {
                System.err.println(why);
            }
        });
        elected.await();
        Store store = leader.begin().orElseThrow().store();
        List<StoreRecord> batch = new ArrayList<>();
        batch.add(new StoreRecord.PutFramework(new FrameworkId("framework-1")));
        for (int number = 0; number < apps; number++) {
            batch.addAll(records(number));
            if ((number + 1) % IN_A_COMMIT == 0 || number == apps - 1) {
                commit(store, batch);
                batch = new ArrayList<>();
            }
        }
        leader.close();
    }

    private static void commit(Store store, List<StoreRecord> records)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<Store.Outcome> outcome = new CompletableFuture<>();
        store.commit(records, outcome::complete);
        if (outcome.get(60, TimeUnit.SECONDS) instanceof Store.Outcome.Lost lost) {
            throw new IllegalStateException(lost.why());
        }
    }

    private static List<StoreRecord> records(int number) throws IOException {
        App app = app("crowd-" + number);
        MachineKey machine = new MachineKey("machine-" + number / ON_A_MACHINE);
        AgentId agent = new AgentId("agent-" + number / ON_A_MACHINE);
        VolumeSpec volume = app.definition().volumes().get(0);
        Claim claim = Claim.reserved(
                new ClaimId("0f8fad5b-d9cb-469f-a165-" + String.format("%012x", number)),
                volume.request().name(),
                MountMode.READ_WRITE,
                1,
                false,
                1,
                Optional.of(app.id()),
                new TaskId("crowd-" + number + ".1.0f8fad5b"),
                agent,
                machine,
                Optional.empty(),
                AT);
        List<StoreRecord> records = new ArrayList<>();
        if (number % ON_A_MACHINE == 0) {
            records.add(new StoreRecord.PutMachine(
                    Machine.seen(machine, List.of(agent), Optional.of(new BootId("boot-1")), Optional.of(128))));
        }
        records.add(new StoreRecord.PutApp(app));
        records.add(new StoreRecord.PutVolume(
                Volume.declared(volume, VolumeState.IN_USE, 1, AT).seen(Optional.of("ext4"), Optional.empty())));
        records.add(new StoreRecord.GrantClaim(claim));
        records.add(new StoreRecord.PutTask(Crowd.running(app.id(), 0, claim, AT)));
        return records;
    }

    private static App app(String id) throws IOException {
        JsonNode written = JSON.readTree(definition(id));
        if (!(AppReader.read(written) instanceof Answer.Ok<AppReader.Read> read)) {
            throw new IOException("the definition is refused: " + AppReader.read(written));
        }
        Draft draft = read.value().draft();
        return new App(
                draft.id(),
                AT,
                AT,
                AT,
                App.Goal.RUN,
                draft.instances(),
                draft.definition(),
                draft.source(),
                Optional.empty(),
                List.of());
    }
}
