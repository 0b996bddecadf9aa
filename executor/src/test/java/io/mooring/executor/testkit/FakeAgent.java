package io.mooring.executor.testkit;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.MalformedMessageException;
import io.mooring.common.command.MessageCodec;
import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.TaskOrder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskGroupInfo;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.executor.Protos.Call;
import org.apache.mesos.v1.executor.Protos.Event;

/** The executor API of a Mesos agent over real TCP, for one executor. */
public final class FakeAgent implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final MessageCodec codec = new MessageCodec();
    private final BlockingQueue<TaskStatus> updates = new LinkedBlockingQueue<>();
    private final BlockingQueue<ExecutorReport> messages = new LinkedBlockingQueue<>();
    private final List<Call.Subscribe> subscriptions = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final Object streamLock = new Object();
    private volatile BlockingQueue<Optional<byte[]>> stream = new LinkedBlockingQueue<>();
    private volatile boolean acknowledging = true;
    private volatile long subscribedAt;

    public FakeAgent() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** An agent that speaks TLS. */
    public FakeAgent(SSLContext tls) throws IOException {
        this(server(tls));
    }

    private static HttpServer server(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return server;
    }

    private FakeAgent(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/api/v1/executor", this::serve);
        server.createContext("/slave(1)/api/v1/executor", this::serve);
        server.start();
    }

    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public List<Call.Subscribe> subscriptions() {
        return subscriptions;
    }

    public List<String> authorizations() {
        return authorizations;
    }

    /** When the latest SUBSCRIBE came, by {@link System#nanoTime()}; 0 as long as none did. */
    public long subscribedAt() {
        return subscribedAt;
    }

    /** From now on updates are taken and not acknowledged. */
    public void holdAcknowledgements() {
        acknowledging = false;
    }

    public void resumeAcknowledgements() {
        acknowledging = true;
    }

    /** What is sent from now on is for an executor that is not subscribed yet. */
    public void expectAnother() {
        synchronized (streamLock) {
            stream = new LinkedBlockingQueue<>();
        }
    }

    /** Ends the stream of events; the executor has to subscribe again. */
    public void dropStream() {
        synchronized (streamLock) {
            stream.add(Optional.empty());
        }
    }

    public void launch(String task, TaskOrder order) {
        launch(task, codec.encode(order));
    }

    public void launch(String task, byte[] data) {
        launch(task(task, data));
    }

    /** Launches a task whose health is looked after. */
    public void launch(String task, TaskOrder order, HealthCheck health) {
        launch(task(task, codec.encode(order)).setHealthCheck(health));
    }

    private void launch(TaskInfo.Builder task) {
        send(Event.newBuilder()
                .setType(Event.Type.LAUNCH)
                .setLaunch(Event.Launch.newBuilder().setTask(task)));
    }

    /** Launches tasks that live and die together, all with the same order. */
    public void launchGroup(List<String> tasks, TaskOrder order) {
        TaskGroupInfo.Builder group = TaskGroupInfo.newBuilder();
        tasks.forEach(id -> group.addTasks(task(id, codec.encode(order))));
        send(Event.newBuilder()
                .setType(Event.Type.LAUNCH_GROUP)
                .setLaunchGroup(Event.LaunchGroup.newBuilder().setTaskGroup(group)));
    }

    private static TaskInfo.Builder task(String id, byte[] data) {
        return TaskInfo.newBuilder()
                .setName(id)
                .setTaskId(TaskID.newBuilder().setValue(id))
                .setAgentId(AgentID.newBuilder().setValue("agent"))
                .setData(ByteString.copyFrom(data));
    }

    public void tell(SchedulerMessage message) {
        send(Event.newBuilder()
                .setType(Event.Type.MESSAGE)
                .setMessage(Event.Message.newBuilder().setData(ByteString.copyFrom(codec.encode(message)))));
    }

    public void kill(String task, Optional<Duration> grace) {
        Event.Kill.Builder kill =
                Event.Kill.newBuilder().setTaskId(TaskID.newBuilder().setValue(task));
        grace.ifPresent(time -> kill.setKillPolicy(
                KillPolicy.newBuilder().setGracePeriod(DurationInfo.newBuilder().setNanoseconds(time.toNanos()))));
        send(Event.newBuilder().setType(Event.Type.KILL).setKill(kill));
    }

    public void shutdown() {
        send(Event.newBuilder().setType(Event.Type.SHUTDOWN));
    }

    /** Waits for the next update in that state; others before it are skipped. */
    public TaskStatus await(TaskState state) throws InterruptedException {
        List<TaskState> seen = new ArrayList<>();
        while (true) {
            TaskStatus status = updates.poll(40, TimeUnit.SECONDS);
            if (status == null) {
                throw new AssertionError("no update " + state + " came within 40 s, only " + seen);
            }
            if (status.getState() == state) {
                return status;
            }
            seen.add(status.getState());
            if (status.getState() == TaskState.TASK_FAILED) {
                throw new AssertionError("waited for " + state + ", but it failed: " + status.getMessage());
            }
        }
    }

    /** The next update, whatever it is; empty if none comes within that time. */
    public Optional<TaskStatus> poll(Duration time) throws InterruptedException {
        return Optional.ofNullable(updates.poll(time.toMillis(), TimeUnit.MILLISECONDS));
    }

    public ExecutorReport awaitMessage() throws InterruptedException {
        ExecutorReport message = messages.poll(20, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message came within 20 s");
        }
        return message;
    }

    /** What an update carries. */
    public <T extends ExecutorReport> T report(TaskStatus status, Class<T> type) throws MalformedMessageException {
        return type.cast(codec.decodeReport(status.getData().toByteArray()));
    }

    private void serve(HttpExchange exchange) throws IOException {
        Call call = Call.parseFrom(exchange.getRequestBody());
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .ifPresent(authorizations::add);
        switch (call.getType()) {
            case SUBSCRIBE -> subscribe(call.getSubscribe(), exchange);
            case UPDATE -> {
                accept(exchange);
                take(call.getUpdate().getStatus());
            }
            case MESSAGE -> {
                accept(exchange);
                try {
                    messages.add(codec.decodeReport(call.getMessage().getData().toByteArray()));
                } catch (MalformedMessageException e) {
                    throw new IOException(e);
                }
            }
            default -> {
                exchange.sendResponseHeaders(400, -1);
                exchange.close();
            }
        }
    }

    private void take(TaskStatus status) {
        updates.add(status);
        if (acknowledging) {
            acknowledge(status);
        }
    }

    public void acknowledge(TaskStatus status) {
        send(Event.newBuilder()
                .setType(Event.Type.ACKNOWLEDGED)
                .setAcknowledged(Event.Acknowledged.newBuilder()
                        .setTaskId(status.getTaskId())
                        .setUuid(status.getUuid())));
    }

    private static void accept(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(202, -1);
        exchange.close();
    }

    private void subscribe(Call.Subscribe subscribe, HttpExchange exchange) throws IOException {
        subscribedAt = System.nanoTime();
        subscriptions.add(subscribe);
        BlockingQueue<Optional<byte[]>> mine = stream;
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(record(subscribed()));
            out.flush();
            subscribe.getUnacknowledgedUpdatesList().forEach(update -> take(update.getStatus()));
            while (true) {
                Optional<byte[]> next = mine.take();
                if (next.isEmpty()) {
                    return;
                }
                out.write(next.get());
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Event subscribed() {
        return Event.newBuilder()
                .setType(Event.Type.SUBSCRIBED)
                .setSubscribed(Event.Subscribed.newBuilder()
                        .setExecutorInfo(ExecutorInfo.newBuilder()
                                .setExecutorId(ExecutorID.newBuilder().setValue("executor")))
                        .setFrameworkInfo(FrameworkInfo.newBuilder()
                                .setUser("root")
                                .setName("mooring")
                                .setId(FrameworkID.newBuilder().setValue("framework"))
                                .addCapabilities(FrameworkInfo.Capability.newBuilder()
                                        .setType(FrameworkInfo.Capability.Type.TASK_KILLING_STATE)))
                        .setAgentInfo(AgentInfo.newBuilder()
                                .setHostname("localhost")
                                .setId(AgentID.newBuilder().setValue("agent"))))
                .build();
    }

    private void send(Event.Builder event) {
        synchronized (streamLock) {
            stream.add(Optional.of(record(event.build())));
        }
    }

    private static byte[] record(Event event) {
        byte[] body = event.toByteArray();
        byte[] length = (body.length + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] record = new byte[length.length + body.length];
        System.arraycopy(length, 0, record, 0, length.length);
        System.arraycopy(body, 0, record, length.length, body.length);
        return record;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
