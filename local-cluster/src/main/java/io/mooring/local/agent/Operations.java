package io.mooring.local.agent;

import com.google.protobuf.ByteString;
import io.mooring.local.link.Link;
import io.mooring.local.loop.EventLoop;
import io.mooring.local.resource.Conversion;
import io.mooring.local.resource.Resources;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Operation;
import org.apache.mesos.v1.Protos.OperationState;
import org.apache.mesos.v1.Protos.OperationStatus;
import org.apache.mesos.v1.Protos.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reservations and volumes of one agent. Each operation is applied, made durable and reported until its status is
 * acknowledged: after 10 s, 20 s and so on up to 10 min, one operation independent of the other, as in Mesos.
 */
final class Operations {
    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);

    private static final class Pending {
        final Operation operation;
        Duration retry = FIRST_RETRY;
        EventLoop.Timer timer = () -> {};

        Pending(Operation operation) {
            this.operation = operation;
        }
    }

    private final EventLoop loop;
    private final Link link;
    private final OperationFile file;
    private final Volumes volumes;
    private final Map<ByteString, Pending> pending = new LinkedHashMap<>();
    private Resources total;
    private AgentID agent = AgentID.getDefaultInstance();

    /**
     * Goes on where an earlier life of the agent stopped.
     *
     * @param configured what the agent has before any operation
     * @throws IllegalStateException if the configuration no longer has what is reserved
     */
    Operations(EventLoop loop, Link link, Path workDir, List<Resource> configured) {
        this.loop = loop;
        this.link = link;
        this.file = new OperationFile(workDir);
        this.volumes = new Volumes(workDir);
        this.total = file.total(Resources.of(configured));
        file.operations().forEach(each -> pending.put(each.getUuid().getValue(), new Pending(each)));
    }

    /** Shows the volumes that an executor and its tasks use, in their sandbox. */
    void showVolumes(List<Resource> resources, Path sandbox) {
        volumes.show(resources, sandbox);
    }

    /** The resources with all reservations and volumes made so far. */
    List<Resource> total() {
        return total.inOrder();
    }

    List<Operation> unacknowledged() {
        return pending.values().stream().map(each -> each.operation).toList();
    }

    /** The master has taken the agent in: it hears of everything that it did not acknowledge. */
    void registered(AgentID id) {
        agent = id;
        pending.values().forEach(this::report);
    }

    void apply(Operation wanted) {
        OperationStatus.Builder status = OperationStatus.newBuilder()
                .setUuid(org.apache.mesos.v1.Protos.UUID.newBuilder().setValue(fresh()))
                .setAgentId(agent);
        if (wanted.getInfo().hasId()) {
            status.setOperationId(wanted.getInfo().getId());
        }
        try {
            List<Conversion> conversions = Conversion.of(wanted.getInfo()).stream()
                    .map(Conversion::unallocated)
                    .toList();
            total = Conversion.apply(total, conversions);
            volumes.follow(wanted.getInfo());
            status.setState(OperationState.OPERATION_FINISHED);
        } catch (Conversion.NotContainedException e) {
            LOG.atWarn().setCause(e).log("operation dropped");
            status.setState(OperationState.OPERATION_DROPPED).setMessage(e.getMessage());
        }
        Pending made = new Pending(wanted.toBuilder()
                .setAgentId(agent)
                .setLatestStatus(status)
                .addStatuses(status)
                .build());
        pending.put(wanted.getUuid().getValue(), made);
        file.write(total, unacknowledged());
        report(made);
    }

    private void report(Pending each) {
        each.timer.cancel();
        link.toMaster(master -> master.operationUpdate(agent, each.operation));
        each.timer = loop.after(each.retry, () -> report(each));
        Duration doubled = each.retry.multipliedBy(2);
        each.retry = doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
    }

    /** An acknowledgement of another status is ignored. */
    void acknowledge(ByteString operation, ByteString status) {
        Pending each = pending.get(operation);
        if (each != null
                && each.operation.getLatestStatus().getUuid().getValue().equals(status)) {
            each.timer.cancel();
            pending.remove(operation);
            file.write(total, unacknowledged());
        }
    }

    private static ByteString fresh() {
        UUID uuid = UUID.randomUUID();
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .flip());
    }
}
