package io.mooring.scheduler.mesos;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.mesoshttp.Access;
import io.mooring.common.mesoshttp.MesosHttp;
import io.mooring.common.mesoshttp.MesosHttp.Limits;
import io.mooring.scheduler.decision.Survivors.LabelledTask;
import java.io.IOException;
import java.net.URI;
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
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20), 1);
    /** What a master says of 100,000 tasks. */
    private static final int LONGEST_ANSWER = 256 << 20;

    private final Access access;

    public MasterTasks(Access access) {
        this.access = access;
    }

    /**
     * The tasks of that framework.
     *
     * @param master its root, such as {@code http://host:5050}
     * @throws IOException if the master does not answer, or not with its tasks
     */
    public List<LabelledTask> of(String framework, URI master) throws IOException {
        Call call = Call.newBuilder().setType(Call.Type.GET_TASKS).build();
        try (MesosHttp http = new MesosHttp(master.resolve("/api/v1"), access, LIMITS)) {
            return tasks(framework, http.ask(call.toByteArray(), LONGEST_ANSWER));
        }
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
