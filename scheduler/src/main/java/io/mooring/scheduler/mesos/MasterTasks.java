package io.mooring.scheduler.mesos;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.decision.Survivors.LabelledTask;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos.Label;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.master.Protos.Response;

/** Asks the master's operator API for the tasks of this framework, with their labels. Blocks; not for the engine. */
public final class MasterTasks {
    private static final String PROTOBUF = "application/x-protobuf";

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /**
     * The tasks of that framework.
     *
     * @param master {@code host:port}
     * @throws IOException if the master does not answer, or not with its tasks
     */
    public List<LabelledTask> of(String framework, String master) throws IOException {
        Call call = Call.newBuilder().setType(Call.Type.GET_TASKS).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + master + "/api/v1"))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", PROTOBUF)
                .header("Accept", PROTOBUF)
                .POST(HttpRequest.BodyPublishers.ofByteArray(call.toByteArray()))
                .build();
        HttpResponse<byte[]> answer;
        try {
            answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (answer.statusCode() != 200) {
            throw new IOException("the master at " + master + " answered " + answer.statusCode());
        }
        return tasks(framework, answer.body());
    }

    private static List<LabelledTask> tasks(String framework, byte[] body) throws InvalidProtocolBufferException {
        return Response.parseFrom(body).getGetTasks().getTasksList().stream()
                .filter(task -> task.getFrameworkId().getValue().equals(framework))
                .map(MasterTasks::labelled)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Ids that are none of ours cannot have been made here. */
    private static Optional<LabelledTask> labelled(Task task) {
        Map<String, String> labels = new TreeMap<>();
        for (Label label : task.getLabels().getLabelsList()) {
            labels.put(label.getKey(), label.getValue());
        }
        try {
            return Optional.of(new LabelledTask(
                    new TaskId(task.getTaskId().getValue()),
                    new AgentId(task.getAgentId().getValue()),
                    labels));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
