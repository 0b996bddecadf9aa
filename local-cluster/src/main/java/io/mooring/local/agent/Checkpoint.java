package io.mooring.local.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.mooring.local.container.Container;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * What an agent finds again after it was killed, below {@code <workDir>/meta}: its id, and for each executor run the
 * executor, its process, and a journal of tasks, updates and acknowledgements. A record cut off by a kill is ignored.
 */
final class Checkpoint {
    /** One byte for the kind, four for the length. */
    private static final int HEAD_BYTES = 5;

    /** One line of a run's journal. */
    sealed interface Entry {}

    /** The task was delivered to the executor. */
    record Launched(TaskInfo task) implements Entry {}

    /** The update waits for its acknowledgement. */
    record Updated(TaskStatus status) implements Entry {}

    /** The framework has acknowledged. */
    record Acknowledged(TaskID task, ByteString uuid) implements Entry {}

    /** The container has ended. */
    record Ended() implements Entry {}

    /** A run as it was left behind. */
    record Run(
            String containerId,
            FrameworkInfo framework,
            ExecutorInfo executor,
            ExecutorRun.Kind kind,
            Optional<Container> container,
            List<Entry> journal) {
        Run {
            journal = List.copyOf(journal);
        }
    }

    private final Path meta;
    private final Path sandboxes;

    Checkpoint(Path workDir) {
        this.meta = workDir.resolve("meta");
        this.sandboxes = workDir.resolve("slaves");
    }

    Optional<AgentID> agentId() {
        Path file = meta.resolve("agent-id");
        try {
            return Files.exists(file)
                    ? Optional.of(AgentID.newBuilder()
                            .setValue(Files.readString(file).strip())
                            .build())
                    : Optional.empty();
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    void agentId(AgentID id) {
        write(meta.resolve("agent-id"), id.getValue().getBytes(StandardCharsets.UTF_8));
    }

    /** The agent's id is dead: nothing of the old life is used again. */
    void forget() {
        delete(meta);
    }

    /** After a reboot no process is what it was, even if another one has its number. */
    void forgetProcesses() {
        for (Run run : runs()) {
            delete(run(run.containerId()).resolve("process"));
        }
    }

    Path sandbox(String agentId, FrameworkInfo framework, ExecutorInfo executor, String containerId) {
        return sandboxes
                .resolve(agentId)
                .resolve("frameworks")
                .resolve(framework.getId().getValue())
                .resolve("executors")
                .resolve(executor.getExecutorId().getValue())
                .resolve("runs")
                .resolve(containerId);
    }

    void begin(ExecutorRun run) {
        write(run(run.containerId).resolve("framework"), run.framework.toByteArray());
        write(run(run.containerId).resolve("kind"), run.kind.name().getBytes(StandardCharsets.US_ASCII));
        write(run(run.containerId).resolve("executor"), run.executor.toByteArray());
    }

    void started(ExecutorRun run, Container container) {
        String line = container.pid() + " " + container.startTicks() + " " + bootId();
        write(run(run.containerId).resolve("process"), line.getBytes(StandardCharsets.US_ASCII));
    }

    void append(String containerId, Entry record) {
        Path journal = run(containerId).resolve("journal");
        try {
            Files.createDirectories(run(containerId));
            Files.write(journal, bytes(record), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw failed("write", journal, e);
        }
    }

    /** Nothing about the run is left to tell; its sandbox stays. */
    void end(ExecutorRun run) {
        delete(run(run.containerId));
    }

    List<Run> runs() {
        Path runs = meta.resolve("runs");
        List<Run> found = new ArrayList<>();
        if (!Files.isDirectory(runs)) {
            return found;
        }
        try (DirectoryStream<Path> each = Files.newDirectoryStream(runs)) {
            for (Path run : each) {
                if (Files.exists(run.resolve("framework")) && Files.exists(run.resolve("executor"))) {
                    found.add(read(run));
                }
            }
        } catch (IOException e) {
            throw failed("read", runs, e);
        }
        return found;
    }

    private Run read(Path run) throws IOException {
        FrameworkInfo framework = FrameworkInfo.parseFrom(Files.readAllBytes(run.resolve("framework")));
        ExecutorInfo executor = ExecutorInfo.parseFrom(Files.readAllBytes(run.resolve("executor")));
        String containerId = run.getFileName().toString();
        String agent = agentId().map(AgentID::getValue).orElse("");
        Path sandbox = sandbox(agent, framework, executor, containerId);
        return new Run(
                containerId,
                framework,
                executor,
                kind(run.resolve("kind")),
                container(run, sandbox),
                journal(run.resolve("journal")));
    }

    /** Absent in work directories of before there were command tasks. */
    private static ExecutorRun.Kind kind(Path file) throws IOException {
        return Files.exists(file) ? ExecutorRun.Kind.valueOf(Files.readString(file)) : ExecutorRun.Kind.CUSTOM;
    }

    private static Optional<Container> container(Path run, Path sandbox) throws IOException {
        Path file = run.resolve("process");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String[] parts = Files.readString(file).strip().split(" ");
        return parts[2].equals(bootId())
                ? Optional.of(new Container(Long.parseLong(parts[0]), Long.parseLong(parts[1]), sandbox.toString()))
                : Optional.empty();
    }

    private static byte[] bytes(Entry record) throws IOException {
        ByteArrayOutputStream buffer = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(buffer);
        if (record instanceof Launched launched) {
            write(out, 'T', launched.task());
        } else if (record instanceof Updated updated) {
            write(out, 'U', updated.status());
        } else if (record instanceof Acknowledged acknowledged) {
            write(
                    out,
                    'A',
                    Call.Acknowledge.newBuilder()
                            .setAgentId(AgentID.newBuilder().setValue(""))
                            .setTaskId(acknowledged.task())
                            .setUuid(acknowledged.uuid())
                            .build());
        } else {
            write(out, 'E', TaskID.newBuilder().setValue("").build());
        }
        return buffer.toByteArray();
    }

    private static void write(DataOutputStream out, char kind, Message message) throws IOException {
        byte[] body = message.toByteArray();
        out.writeByte(kind);
        out.writeInt(body.length);
        out.write(body);
    }

    private static List<Entry> journal(Path file) throws IOException {
        List<Entry> records = new ArrayList<>();
        if (!Files.exists(file)) {
            return records;
        }
        byte[] content = Files.readAllBytes(file);
        ByteBuffer in = ByteBuffer.wrap(content);
        while (in.remaining() >= HEAD_BYTES) {
            int start = in.position();
            int kind = in.get();
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                in.position(start);
                break;
            }
            byte[] body = new byte[length];
            in.get(body);
            records.add(entry(kind, body));
        }
        if (in.hasRemaining()) {
            // Being written when the agent was killed; what is appended next has to follow a whole record.
            Files.write(file, Arrays.copyOf(content, in.position()));
        }
        return records;
    }

    private static Entry entry(int kind, byte[] body) throws IOException {
        if (kind == 'T') {
            return new Launched(TaskInfo.parseFrom(body));
        }
        if (kind == 'U') {
            return new Updated(TaskStatus.parseFrom(body));
        }
        if (kind == 'A') {
            Call.Acknowledge acknowledge = Call.Acknowledge.parseFrom(body);
            return new Acknowledged(acknowledge.getTaskId(), acknowledge.getUuid());
        }
        return new Ended();
    }

    private Path run(String containerId) {
        return meta.resolve("runs").resolve(containerId);
    }

    private static String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            throw failed("read", Path.of("/proc/sys/kernel/random/boot_id"), e);
        }
    }

    private static void write(Path file, byte[] content) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.getParent());
            Files.write(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    private static void delete(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw failed("delete", tree, e);
        }
    }

    private static UncheckedIOException failed(String what, Path path, IOException cause) {
        return new UncheckedIOException("cannot " + what + " the agent's checkpoint " + path, cause);
    }
}
