package io.mooring.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mooring.common.mesoshttp.Access;
import io.mooring.common.mesoshttp.MesosHttp;
import io.mooring.common.mesoshttp.StreamEnd;
import io.mooring.scheduler.detection.ListedMasters;
import io.mooring.scheduler.detection.MasterDetector;
import io.mooring.scheduler.detection.Masters;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.mesos.v1.Protos;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.apache.mesos.v1.scheduler.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The HTTP client of Mesos against a tiny master over TCP. */
@Timeout(60)
class HttpMesosTest {
    /** A busy machine may be silent for seconds. */
    private static final Duration AMPLE = Duration.ofSeconds(50);

    private final List<Master> masters = new ArrayList<>();
    private final RememberingScheduler scheduler = new RememberingScheduler();
    private HttpMesos mesos;

    /** Subscribes as soon as it may, and remembers what it is told. */
    private static final class RememberingScheduler implements Scheduler {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        @Override
        public void connected(Mesos mesos) {
            mesos.send(Call.newBuilder()
                    .setType(Call.Type.SUBSCRIBE)
                    .setSubscribe(Call.Subscribe.newBuilder()
                            .setFrameworkInfo(Protos.FrameworkInfo.newBuilder()
                                    .setName("f")
                                    .setUser("u")))
                    .build());
        }

        @Override
        public void disconnected(Mesos mesos) {
            told.add("disconnected");
        }

        @Override
        public void received(Mesos mesos, Event event) {
            told.add(event.getType().name());
        }

        String next() throws InterruptedException {
            return told.poll(20, TimeUnit.SECONDS);
        }
    }

    /** A master as far as a subscription needs one. What it does with a SUBSCRIBE is given by the test. */
    private static final class Master {
        private final HttpServer server;
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> streamIds = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> authorizations = new LinkedBlockingQueue<>();
        private final BlockingQueue<OutputStream> streams = new LinkedBlockingQueue<>();
        private volatile int callStatus = 202;
        private int subscriptions;

        interface Subscription {
            void on(HttpExchange exchange, Master master) throws IOException;
        }

        Master(Subscription subscription) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/api/v1/scheduler", exchange -> {
                Call call = Call.parseFrom(exchange.getRequestBody());
                if (call.getType() == Call.Type.SUBSCRIBE) {
                    subscription.on(exchange, this);
                    return;
                }
                authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                streamIds.add(String.valueOf(exchange.getRequestHeaders().getFirst("Mesos-Stream-Id")));
                calls.add(call);
                exchange.sendResponseHeaders(callStatus, -1);
                exchange.close();
            });
            server.start();
        }

        synchronized void accept(HttpExchange exchange) throws IOException {
            exchange.getResponseHeaders().set("Mesos-Stream-Id", "stream-" + ++subscriptions);
            exchange.sendResponseHeaders(200, 0);
            OutputStream stream = exchange.getResponseBody();
            write(stream, Event.newBuilder().setType(Event.Type.HEARTBEAT).build());
            streams.add(stream);
        }

        static void answer(HttpExchange exchange, int status, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        }

        static void write(OutputStream stream, Event event) throws IOException {
            stream.write((event.getSerializedSize() + "\n").getBytes(StandardCharsets.UTF_8));
            event.writeTo(stream);
            stream.flush();
        }

        OutputStream stream() throws InterruptedException {
            OutputStream stream = streams.poll(20, TimeUnit.SECONDS);
            assertThat(stream).as("a subscription").isNotNull();
            return stream;
        }

        String address() {
            return "127.0.0.1:" + server.getAddress().getPort();
        }

        void stop() {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private Master master(Master.Subscription subscription) throws IOException {
        Master master = new Master(subscription);
        masters.add(master);
        return master;
    }

    private void follow(Master... some) {
        List<URI> addresses = new ArrayList<>();
        for (Master master : some) {
            addresses.add(URI.create("http://" + master.address()));
        }
        follow(new ListedMasters(new Masters.Listed(addresses)), Access.open());
    }

    private void follow(MasterDetector detector, Access access) {
        follow(detector, access, AMPLE);
    }

    private void follow(MasterDetector detector, Access access, Duration silence) {
        MesosHttp.Limits limits = new MesosHttp.Limits(AMPLE, AMPLE, silence, 64 << 20);
        mesos = new HttpMesos(detector, access, scheduler, RandomGenerator.getDefault(), limits);
        mesos.start();
    }

    @AfterEach
    void stop() {
        if (mesos != null) {
            mesos.close();
        }
        masters.forEach(Master::stop);
    }

    private static Call kill(int number) {
        return Call.newBuilder()
                .setType(Call.Type.KILL)
                .setKill(Call.Kill.newBuilder()
                        .setTaskId(Protos.TaskID.newBuilder().setValue("task-" + number)))
                .build();
    }

    @Test
    void handsOnEventsAsTheyCome() throws Exception {
        Master master = master((exchange, self) -> self.accept(exchange));
        follow(master);
        OutputStream stream = master.stream();
        assertThat(scheduler.next()).isEqualTo("HEARTBEAT");

        Event rescind = Event.newBuilder()
                .setType(Event.Type.RESCIND)
                .setRescind(Event.Rescind.newBuilder()
                        .setOfferId(Protos.OfferID.newBuilder().setValue("o")))
                .build();
        byte[] record = rescind.toByteArray();
        stream.write((record.length + "\n").getBytes(StandardCharsets.UTF_8));
        stream.write(record, 0, 1);
        stream.flush();
        assertThat(scheduler.told.poll(200, TimeUnit.MILLISECONDS)).isNull();
        stream.write(record, 1, record.length - 1);
        stream.flush();

        assertThat(scheduler.next()).isEqualTo("RESCIND");
    }

    @Test
    void followsARedirectToTheLeader() throws Exception {
        Master leader = master((exchange, self) -> self.accept(exchange));
        Master follower = master((exchange, self) -> {
            exchange.getResponseHeaders().set("Location", "//" + leader.address() + "/master/api/v1/scheduler");
            Master.answer(exchange, 307, "");
        });

        follow(follower);

        assertThat(leader.stream()).isNotNull();
        assertThat(scheduler.next()).isEqualTo("HEARTBEAT");
    }

    @Test
    void triesTheNextMasterWhenOneIsNotReady() throws Exception {
        Master recovering =
                master((exchange, self) -> Master.answer(exchange, 503, "Master has not finished recovery"));
        Master leader = master((exchange, self) -> self.accept(exchange));

        follow(recovering, leader);

        assertThat(leader.stream()).isNotNull();
    }

    @Test
    void subscribesAgainWhenTheStreamIsCut() throws Exception {
        Master master = master((exchange, self) -> self.accept(exchange));
        follow(master);
        OutputStream stream = master.stream();
        assertThat(scheduler.next()).isEqualTo("HEARTBEAT");

        stream.close();

        assertThat(scheduler.next()).isEqualTo("disconnected");
        assertThat(master.stream()).isNotNull();
        assertThat(scheduler.next()).isEqualTo("HEARTBEAT");
    }

    @Test
    void subscribesAgainAfterAFrameThatIsNone() throws Exception {
        Master master = master((exchange, self) -> self.accept(exchange));
        follow(master);
        OutputStream stream = master.stream();
        stream.write("nonsense\n".getBytes(StandardCharsets.UTF_8));
        stream.flush();

        assertThat(master.stream()).isNotNull();
    }

    @Test
    void subscribesAgainAfterAnEventThatIsNone() throws Exception {
        Master master = master((exchange, self) -> self.accept(exchange));
        follow(master);
        OutputStream stream = master.stream();
        stream.write("3\nxxx".getBytes(StandardCharsets.UTF_8));
        stream.flush();

        assertThat(master.stream()).isNotNull();
    }

    @Test
    void sendsCallsInTheirOrderUnderTheStreamsId() throws Exception {
        Master master = master((exchange, self) -> self.accept(exchange));
        follow(master);
        assertThat(scheduler.next()).isEqualTo("HEARTBEAT");

        for (int i = 0; i < 200; i++) {
            mesos.send(kill(i));
        }

        for (int i = 0; i < 200; i++) {
            Call call = master.calls.poll(20, TimeUnit.SECONDS);
            assertThat(call.getKill().getTaskId().getValue()).isEqualTo("task-" + i);
            assertThat(master.streamIds.poll()).isEqualTo("stream-1");
        }
    }

    @Test
    void subscribesAgainWhenACallsOutcomeIsUnknown() throws Exception {
        Master master = master((exchange, self) -> self.accept(exchange));
        follow(master);
        assertThat(scheduler.next()).isEqualTo("HEARTBEAT");
        master.callStatus = 500;

        mesos.send(kill(1));

        assertThat(scheduler.next()).isEqualTo("disconnected");
        assertThat(scheduler.next()).isEqualTo("HEARTBEAT");
        master.callStatus = 202;
        mesos.send(kill(2));
        assertThat(master.calls.poll(20, TimeUnit.SECONDS)).isEqualTo(kill(1));
        assertThat(master.calls.poll(20, TimeUnit.SECONDS)).isEqualTo(kill(2));
    }

    @Test
    void dropsCallsThatWereMeantForADeadSubscription() throws Exception {
        Master master = master((exchange, self) -> {
            if (self.streams.isEmpty() && self.subscriptions > 0) {
                Master.answer(exchange, 503, "later");
            } else {
                self.accept(exchange);
            }
        });
        follow(master);
        master.stream().close();
        assertThat(scheduler.next()).isEqualTo("HEARTBEAT");
        assertThat(scheduler.next()).isEqualTo("disconnected");

        mesos.send(kill(1));

        assertThat(master.calls.poll(500, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void sendsCredentialsOnEveryCallAndOnlyToKnownMasters() throws Exception {
        BlockingQueue<String> strangersHeard = new LinkedBlockingQueue<>();
        Master stranger = master((exchange, self) -> {
            strangersHeard.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            self.accept(exchange);
        });
        Master leader = master((exchange, self) -> self.accept(exchange));
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        Master follower = master((exchange, self) -> {
            heard.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            Master where = heard.size() == 1 ? stranger : leader;
            exchange.getResponseHeaders().set("Location", "//" + where.address() + "/master/api/v1/scheduler");
            Master.answer(exchange, 307, "");
        });
        URI first = URI.create("http://" + follower.address());
        SettableDetector detector = new SettableDetector(List.of(first, URI.create("http://" + leader.address())));
        detector.leader = Optional.of(first);
        follow(detector, Credential.access(Optional.of(new Credential("me", "word")), Optional.empty()));

        assertThat(leader.stream()).isNotNull();
        assertThat(strangersHeard).isEmpty();
        assertThat(heard).allMatch("Basic bWU6d29yZA=="::equals);
        assertThat(scheduler.next()).isEqualTo("HEARTBEAT");
        mesos.send(kill(1));
        assertThat(leader.calls.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(leader.authorizations).containsOnly("Basic bWU6d29yZA==");
    }

    @Test
    void followsNoRedirectOutOfTlsWithCredentials() {
        URI secure = URI.create("https://127.0.0.1:5050");
        URI plain = URI.create("http://127.0.0.1:5050");
        Access access = Credential.access(Optional.of(new Credential("me", "word")), Optional.empty());
        LeaderSearch search = new LeaderSearch(
                new ListedMasters(new Masters.Listed(List.of(secure, plain))), access, RandomGenerator.getDefault());

        search.ended(secure, new StreamEnd.Redirected(plain.resolve("/master/api/v1/scheduler")), false);

        assertThat(search.next()).as("the list's next, and not the redirect's").contains(plain);
        search.ended(secure, new StreamEnd.Redirected(plain.resolve("/master/api/v1/scheduler")), false);
        assertThat(search.next()).contains(secure);
    }

    @Test
    void leavesAStreamWhenAnotherMasterIsDetectedAndOnlyThen() throws Exception {
        Master first = master((exchange, self) -> self.accept(exchange));
        Master second = master((exchange, self) -> self.accept(exchange));
        SettableDetector detector = new SettableDetector(List.of());
        follow(detector, Access.open());
        detector.leads(Optional.of(URI.create("http://" + first.address())));
        assertThat(first.stream()).isNotNull();
        assertThat(scheduler.next()).isEqualTo("HEARTBEAT");

        detector.leads(Optional.empty());
        assertThat(scheduler.told.poll(500, TimeUnit.MILLISECONDS))
                .as("a healthy stream goes on")
                .isNull();
        detector.leads(Optional.of(URI.create("http://" + second.address())));

        assertThat(scheduler.next()).isEqualTo("disconnected");
        assertThat(second.stream()).isNotNull();
    }

    /** Detects what a test says. */
    private static final class SettableDetector implements MasterDetector {
        private volatile Optional<URI> leader = Optional.empty();
        private final List<URI> known;
        private volatile Runnable changed;

        SettableDetector(List<URI> known) {
            this.known = known;
        }

        void leads(Optional<URI> master) {
            leader = master;
            changed.run();
        }

        @Override
        public void start(Runnable whenChanged) {
            changed = whenChanged;
        }

        @Override
        public Optional<URI> candidate(int attempt) {
            return leader;
        }

        @Override
        public boolean trusts(URI master) {
            return known.contains(master);
        }

        @Override
        public boolean deposed(URI master) {
            return known.isEmpty() && leader.isPresent() && !leader.get().equals(master);
        }

        @Override
        public void close() {}
    }

    @Test
    void subscribesAgainWhenTheStreamFallsSilent() throws Exception {
        Master master = master((exchange, self) -> self.accept(exchange));
        follow(
                new ListedMasters(new Masters.Listed(List.of(URI.create("http://" + master.address())))),
                Access.open(),
                Duration.ofSeconds(3));
        assertThat(master.stream()).isNotNull();
        assertThat(scheduler.next()).isEqualTo("HEARTBEAT");

        assertThat(scheduler.next()).isEqualTo("disconnected");
        assertThat(master.stream()).isNotNull();
    }

    @Test
    void stopsUsingASubscriptionThatAnotherOneReplaced() throws Exception {
        Master master = master((exchange, self) -> self.accept(exchange));
        follow(master);
        assertThat(scheduler.next()).isEqualTo("HEARTBEAT");
        master.callStatus = 403;

        mesos.send(kill(1));

        assertThat(scheduler.next()).isEqualTo("disconnected");
        assertThat(scheduler.next()).isEqualTo("HEARTBEAT");
    }

    @Test
    void keepsMoreThanOneEventInAChunkApart() throws Exception {
        Master master = master((exchange, self) -> self.accept(exchange));
        follow(master);
        OutputStream stream = master.stream();
        scheduler.next();
        byte[] heartbeat =
                Event.newBuilder().setType(Event.Type.HEARTBEAT).build().toByteArray();
        ByteString frame = ByteString.copyFromUtf8(heartbeat.length + "\n").concat(ByteString.copyFrom(heartbeat));

        stream.write(frame.concat(frame).concat(frame).toByteArray());
        stream.flush();

        assertThat(List.of(scheduler.next(), scheduler.next(), scheduler.next()))
                .containsOnly("HEARTBEAT");
    }
}
