package io.mooring.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.mooring.common.ids.AgentId;
import io.mooring.common.mesoshttp.Access;
import io.mooring.scheduler.mesos.MasterAgents;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.mesos.v1.Protos;
import org.apache.mesos.v1.master.Protos.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Drains are learned of by asking, from a master that answers sometimes. */
@Timeout(60)
class DrainWatchTest {
    private static final byte[] ANSWER = Response.newBuilder()
            .setType(Response.Type.GET_AGENTS)
            .setGetAgents(Response.GetAgents.newBuilder().addAgents(agent("a1")).addAgents(drained("a2")))
            .build()
            .toByteArray();

    private static Response.GetAgents.Agent.Builder agent(String id) {
        return Response.GetAgents.Agent.newBuilder()
                .setActive(true)
                .setVersion("1.11.0")
                .setAgentInfo(Protos.AgentInfo.newBuilder()
                        .setId(Protos.AgentID.newBuilder().setValue(id))
                        .setHostname(id));
    }

    private static Response.GetAgents.Agent.Builder drained(String id) {
        return agent(id)
                .setDrainInfo(Protos.DrainInfo.newBuilder()
                        .setState(Protos.DrainState.DRAINING)
                        .setConfig(Protos.DrainConfig.getDefaultInstance()));
    }

    @Test
    void tellsWhichAgentsAreDrainedAndAsksOnAfterAFailure() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer master = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        master.createContext("/api/v1", exchange -> {
            boolean first = asked.getAndIncrement() == 0;
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(first ? 503 : 200, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
            exchange.close();
        });
        master.start();
        URI root = URI.create("http://127.0.0.1:" + master.getAddress().getPort());
        BlockingQueue<Set<AgentId>> told = new LinkedBlockingQueue<>();
        MasterAgents agents = new MasterAgents(Access.open());
        try (DrainWatch watch = new DrainWatch(() -> Optional.of(root), agents::drained, told::add)) {
            watch.start(Duration.ofMillis(20));

            assertThat(told.poll(30, TimeUnit.SECONDS)).containsExactly(new AgentId("a2"));
            assertThat(asked.get()).as("the first was refused").isGreaterThanOrEqualTo(2);
        } finally {
            master.stop(0);
        }
    }

    @Test
    void asksNobodyWithoutASubscription() throws Exception {
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        try (DrainWatch watch = new DrainWatch(
                () -> {
                    asked.add("master");
                    return Optional.empty();
                },
                master -> {
                    throw new IOException("nobody to ask");
                },
                drained -> asked.add("told"))) {
            watch.start(Duration.ofMillis(10));

            assertThat(asked.poll(30, TimeUnit.SECONDS)).isEqualTo("master");
            assertThat(asked.poll(30, TimeUnit.SECONDS)).isEqualTo("master");
        }
    }
}
