package io.mooring.executor.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mooring.common.command.MessageCodec;
import io.mooring.common.command.TaskOrder;
import io.mooring.executor.engine.Timings;
import io.mooring.executor.mesos.AgentEnvironment;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.executor.Protos.Call;
import org.apache.mesos.v1.executor.Protos.Event;

/**
 * The build's run that writes the class archive: a whole executor against an agent and a plugin of a few lines, so that
 * every class of a start is loaded once. A start then reads them from the archive, which is half of its time.
 */
public final class ClassArchiveRun {
    private final BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();

    private ClassArchiveRun() {}

    public static void main(String[] arguments) throws IOException, ConfigurationException, InterruptedException {
        Path directory = Files.createTempDirectory("mooring-archive-");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        ClassArchiveRun run = new ClassArchiveRun();
        server.createContext("/api/v1/executor", run::agent);
        server.createContext("/", ClassArchiveRun::plugin);
        server.start();
        try {
            run.execute("127.0.0.1:" + server.getAddress().getPort(), directory);
        } finally {
            server.stop(0);
            delete(directory);
        }
        System.exit(0);
    }

    private void execute(String address, Path directory)
            throws IOException, ConfigurationException, InterruptedException {
        Files.writeString(directory.resolve("archive.spec"), "tcp://" + address);
        String settings = """
                {"machine": "m", "bootId": "b", "journalDir": "DIR/journal",
                 "pluginSocketDirs": ["DIR"], "pluginSpecDirs": ["DIR"]}
                """;
        Path file = directory.resolve("agent.json");
        Files.writeString(file, settings.replace("DIR", directory.toString()));
        AgentEnvironment environment = AgentEnvironment.of(Map.of(
                "MESOS_AGENT_ENDPOINT",
                address,
                "MESOS_FRAMEWORK_ID",
                "f",
                "MESOS_EXECUTOR_ID",
                "e",
                "MESOS_SANDBOX",
                directory.toString()));
        events.add(record(Event.newBuilder()
                .setType(Event.Type.SUBSCRIBED)
                .setSubscribed(Event.Subscribed.newBuilder()
                        .setExecutorInfo(ExecutorInfo.newBuilder()
                                .setExecutorId(ExecutorID.newBuilder().setValue("e")))
                        .setFrameworkInfo(
                                FrameworkInfo.newBuilder().setUser("u").setName("n"))
                        .setAgentInfo(AgentInfo.newBuilder()
                                .setHostname("h")
                                .setId(AgentID.newBuilder().setValue("a"))))
                .build()));
        events.add(record(Event.newBuilder()
                .setType(Event.Type.LAUNCH)
                .setLaunch(Event.Launch.newBuilder()
                        .setTask(TaskInfo.newBuilder()
                                .setName("t")
                                .setTaskId(TaskID.newBuilder().setValue("t"))
                                .setAgentId(AgentID.newBuilder().setValue("a"))
                                .setData(com.google.protobuf.ByteString.copyFrom(
                                        new MessageCodec().encode(new TaskOrder.InspectAgent(1))))))
                .build()));
        new ExecutorAssembly(environment, Timings.STANDARD, () -> {
                    throw new IOException("tasks of other frameworks do not come here");
                })
                .run(() -> AgentConfiguration.read(Optional.of(file)));
    }

    private void agent(HttpExchange exchange) throws IOException {
        Call call = Call.parseFrom(exchange.getRequestBody());
        if (call.getType() != Call.Type.SUBSCRIBE) {
            exchange.sendResponseHeaders(202, -1);
            exchange.close();
            events.add(acknowledgement(call));
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream stream = exchange.getResponseBody()) {
            while (true) {
                stream.write(events.take());
                stream.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] acknowledgement(Call call) {
        return record(Event.newBuilder()
                .setType(Event.Type.ACKNOWLEDGED)
                .setAcknowledged(Event.Acknowledged.newBuilder()
                        .setTaskId(call.getUpdate().getStatus().getTaskId())
                        .setUuid(call.getUpdate().getStatus().getUuid()))
                .build());
    }

    private static void plugin(HttpExchange exchange) throws IOException {
        byte[] answer = "{\"Implements\": [\"VolumeDriver\"]}".getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static byte[] record(Event event) {
        byte[] body = event.toByteArray();
        byte[] length = (body.length + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] record = new byte[length.length + body.length];
        System.arraycopy(length, 0, record, 0, length.length);
        System.arraycopy(body, 0, record, length.length, body.length);
        return record;
    }

    private static void delete(Path directory) throws IOException {
        List<Path> files;
        try (var tree = Files.walk(directory)) {
            files = tree.sorted(java.util.Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
