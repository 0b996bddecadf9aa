package io.mooring.local.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskGroupInfo;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** A framework in protobuf that acknowledges what it gets. */
public final class Framework {
    private static final long PATIENCE_SECONDS = 30;
    private static final String PROTOBUF = "application/x-protobuf";

    private final HttpClient http;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final URI uri;
    private FrameworkID id;
    private String streamId;
    private Offer last = Offer.getDefaultInstance();
    private volatile boolean acknowledging = true;

    private Framework(String scheme, int port, HttpClient.Builder client) {
        uri = URI.create(scheme + "://127.0.0.1:" + port + "/api/v1/scheduler");
        http = client.version(HttpClient.Version.HTTP_1_1).build();
    }

    /** A new framework, or the one of that id if it is not null. */
    public static Framework subscribe(int port, FrameworkID id) throws IOException, InterruptedException {
        return subscribe(port, id, Duration.ofHours(1));
    }

    /** One that gives itself so long to come back. */
    public static Framework subscribe(int port, FrameworkID id, Duration failoverTimeout)
            throws IOException, InterruptedException {
        Framework framework = new Framework("http", port, HttpClient.newBuilder());
        framework.subscribe(id, failoverTimeout);
        return framework;
    }

    /** A new framework that speaks TLS. */
    public static Framework subscribeOverTls(int port, SSLContext tls) throws IOException, InterruptedException {
        Framework framework =
                new Framework("https", port, HttpClient.newBuilder().sslContext(tls));
        framework.subscribe(null, Duration.ofHours(1));
        return framework;
    }

    private void subscribe(FrameworkID known, Duration failoverTimeout) throws IOException, InterruptedException {
        FrameworkInfo.Builder info = FrameworkInfo.newBuilder()
                .setUser(System.getProperty("user.name"))
                .setName("test")
                .addRoles("mooring")
                .setCheckpoint(true)
                .setFailoverTimeout((double) failoverTimeout.toSeconds());
        for (FrameworkInfo.Capability.Type type : new FrameworkInfo.Capability.Type[] {
            FrameworkInfo.Capability.Type.PARTITION_AWARE,
            FrameworkInfo.Capability.Type.MULTI_ROLE,
            FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT
        }) {
            info.addCapabilities(FrameworkInfo.Capability.newBuilder().setType(type));
        }
        Call.Builder call = Call.newBuilder().setType(Call.Type.SUBSCRIBE);
        if (known != null) {
            info.setId(known);
            call.setFrameworkId(known);
        }
        call.setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info));
        HttpResponse<InputStream> response =
                http.send(request(call.build()).build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        streamId = response.headers().firstValue("Mesos-Stream-Id").orElseThrow();
        Thread reader = new Thread(() -> read(response.body()), "framework");
        reader.setDaemon(true);
        reader.start();
        id = next(Event.Type.SUBSCRIBED).getSubscribed().getFrameworkId();
    }

    public FrameworkID id() {
        return id;
    }

    public void acknowledgeNothing() {
        acknowledging = false;
    }

    private HttpRequest.Builder request(Call call) {
        return HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                .header("Content-Type", PROTOBUF)
                .header("Accept", PROTOBUF)
                .POST(HttpRequest.BodyPublishers.ofByteArray(call.toByteArray()));
    }

    private void read(InputStream body) {
        try (DataInputStream in = new DataInputStream(body)) {
            while (true) {
                StringBuilder length = new StringBuilder();
                for (int c = in.readByte(); c != '\n'; c = in.readByte()) {
                    length.append((char) c);
                }
                byte[] record = new byte[Integer.parseInt(length.toString())];
                in.readFully(record);
                events.add(Event.parseFrom(record));
            }
        } catch (IOException e) {
            return; // the stream has ended; whoever waits for more will say so
        }
    }

    private void send(Call.Builder call) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                request(call.setFrameworkId(id).build())
                        .header("Mesos-Stream-Id", streamId)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    }

    private Event next(Event.Type type) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            Event event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertThat(event).as("no " + type + " came").isNotNull();
            if (event.getType() == type) {
                return event;
            }
        }
    }

    /** Launches a task with an executor of its own on the next offer. */
    public void launch(String task, String executorCommand) throws IOException, InterruptedException {
        launch(task(task)
                .addResources(scalar("volume_slots", 1))
                .setExecutor(ExecutorInfo.newBuilder()
                        .setType(ExecutorInfo.Type.CUSTOM)
                        .setExecutorId(ExecutorID.newBuilder().setValue("ex-" + task))
                        .setCommand(CommandInfo.newBuilder().setValue(executorCommand))
                        .addResources(scalar("cpus", 0.1))));
    }

    /** A task of that id with some cpu and memory. */
    public static TaskInfo.Builder task(String id) {
        return TaskInfo.newBuilder()
                .setName(id)
                .setTaskId(TaskID.newBuilder().setValue(id))
                .addResources(scalar("cpus", 0.1))
                .addResources(scalar("mem", 32));
    }

    /** Launches the task on the next offer. */
    public void launch(TaskInfo.Builder task) throws IOException, InterruptedException {
        launch(task, next(Event.Type.OFFERS).getOffers().getOffers(0));
    }

    /** Performs the operations on the next offer. */
    public void accept(Offer.Operation.Builder... operations) throws IOException, InterruptedException {
        Call.Accept.Builder accept = Call.Accept.newBuilder()
                .addOfferIds(next(Event.Type.OFFERS).getOffers().getOffers(0).getId());
        for (Offer.Operation.Builder operation : operations) {
            accept.addOperations(operation);
        }
        send(Call.newBuilder().setType(Call.Type.ACCEPT).setAccept(accept));
    }

    /** Launches the tasks on the next offer, all or none, by the executor. */
    public void launchGroup(ExecutorInfo.Builder executor, List<TaskInfo.Builder> tasks)
            throws IOException, InterruptedException {
        Offer offer = next(Event.Type.OFFERS).getOffers().getOffers(0);
        TaskGroupInfo.Builder group = TaskGroupInfo.newBuilder();
        tasks.forEach(task -> group.addTasks(task.setAgentId(offer.getAgentId())));
        send(Call.newBuilder()
                .setType(Call.Type.ACCEPT)
                .setAccept(Call.Accept.newBuilder()
                        .addOfferIds(offer.getId())
                        .addOperations(Offer.Operation.newBuilder()
                                .setType(Offer.Operation.Type.LAUNCH_GROUP)
                                .setLaunchGroup(Offer.Operation.LaunchGroup.newBuilder()
                                        .setExecutor(executor.setFrameworkId(id))
                                        .setTaskGroup(group)))));
    }

    private void launch(TaskInfo.Builder task, Offer offer) throws IOException, InterruptedException {
        TaskInfo info = task.setAgentId(offer.getAgentId()).build();
        send(Call.newBuilder()
                .setType(Call.Type.ACCEPT)
                .setAccept(Call.Accept.newBuilder()
                        .addOfferIds(offer.getId())
                        .addOperations(Offer.Operation.newBuilder()
                                .setType(Offer.Operation.Type.LAUNCH)
                                .setLaunch(Offer.Operation.Launch.newBuilder().addTaskInfos(info)))));
    }

    /** So much of that resource. */
    public static Resource scalar(String name, double value) {
        return Resource.newBuilder()
                .setName(name)
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(value))
                .build();
    }

    /** Waits for that state of the task, acknowledging what comes on the way. */
    public TaskStatus await(String task, TaskState state) throws IOException, InterruptedException {
        while (true) {
            TaskStatus status = next(Event.Type.UPDATE).getUpdate().getStatus();
            if (status.hasUuid() && acknowledging) {
                send(Call.newBuilder()
                        .setType(Call.Type.ACKNOWLEDGE)
                        .setAcknowledge(Call.Acknowledge.newBuilder()
                                .setAgentId(status.getAgentId())
                                .setTaskId(status.getTaskId())
                                .setUuid(status.getUuid())));
            }
            if (status.getTaskId().getValue().equals(task) && status.getState() == state) {
                return status;
            }
        }
    }

    /** Waits until the agent is offered, so until the master knows it again. */
    public void awaitOffer(AgentID agent) throws InterruptedException {
        Event.Offers offers = next(Event.Type.OFFERS).getOffers();
        assertThat(offers.getOffersList()).extracting(Offer::getAgentId).contains(agent);
    }

    /** Waits until so many agents are offered. */
    public void awaitOffers(int agents) throws InterruptedException {
        Set<String> seen = new HashSet<>();
        while (seen.size() < agents) {
            for (Offer offer : next(Event.Type.OFFERS).getOffers().getOffersList()) {
                seen.add(offer.getAgentId().getValue());
                last = offer;
            }
        }
    }

    /** Launches a command on the last offer that was waited for. */
    public void launchOnLast(String task) throws IOException, InterruptedException {
        launch(task(task).setCommand(CommandInfo.newBuilder().setValue("true")), last);
    }

    public void reconcile(String task) throws IOException, InterruptedException {
        send(Call.newBuilder()
                .setType(Call.Type.RECONCILE)
                .setReconcile(Call.Reconcile.newBuilder()
                        .addTasks(Call.Reconcile.Task.newBuilder()
                                .setTaskId(TaskID.newBuilder().setValue(task)))));
    }

    public void kill(String task) throws IOException, InterruptedException {
        send(Call.newBuilder()
                .setType(Call.Type.KILL)
                .setKill(Call.Kill.newBuilder().setTaskId(TaskID.newBuilder().setValue(task))));
    }
}
