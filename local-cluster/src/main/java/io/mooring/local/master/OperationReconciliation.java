package io.mooring.local.master;

import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Operation;
import org.apache.mesos.v1.Protos.OperationState;
import org.apache.mesos.v1.Protos.OperationStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** What the master answers when asked what became of operations. */
final class OperationReconciliation {
    private final ClusterState state;
    private final Operations operations;

    OperationReconciliation(ClusterState state, Operations operations) {
        this.state = state;
        this.operations = operations;
    }

    void answer(FrameworkEntry framework, Call.ReconcileOperations reconcile) {
        if (reconcile.getOperationsCount() == 0) {
            operations.all().stream()
                    .filter(each -> each.getFrameworkId().equals(framework.frameworkId()))
                    .forEach(each -> Operations.send(framework, known(each)));
        }
        for (Call.ReconcileOperations.Operation asked : reconcile.getOperationsList()) {
            Operations.send(
                    framework,
                    operations
                            .find(framework, asked.getOperationId())
                            .map(OperationReconciliation::known)
                            .orElseGet(() -> unknown(asked)));
        }
    }

    /** Not sent reliably, so not to be acknowledged. */
    private static OperationStatus known(Operation operation) {
        return operation.getLatestStatus().toBuilder().clearUuid().build();
    }

    private OperationStatus unknown(Call.ReconcileOperations.Operation asked) {
        OperationStatus.Builder status = OperationStatus.newBuilder().setOperationId(asked.getOperationId());
        if (!asked.hasAgentId()) {
            return status.setState(OperationState.OPERATION_UNKNOWN)
                    .setMessage("Reconciliation: Operation is unknown and no 'agent_id' was provided")
                    .build();
        }
        AgentID agent = asked.getAgentId();
        status.setAgentId(agent);
        if (state.isRecovering(agent)) {
            status.setState(OperationState.OPERATION_RECOVERING)
                    .setMessage("Reconciliation: Agent is recovered but has not re-registered");
        } else if (state.agent(agent).isPresent()) {
            status.setState(OperationState.OPERATION_UNKNOWN).setMessage("Reconciliation: Operation is unknown");
        } else if (state.registry.unreachableSince(agent).isPresent()) {
            status.setState(OperationState.OPERATION_UNREACHABLE).setMessage("Reconciliation: Agent is unreachable");
        } else if (state.registry.isGone(agent.getValue())) {
            status.setState(OperationState.OPERATION_GONE_BY_OPERATOR)
                    .setMessage("Reconciliation: Agent marked gone by operator");
        } else {
            status.setState(OperationState.OPERATION_UNKNOWN)
                    .setMessage("Reconciliation: Both operation and agent are unknown");
        }
        return status.build();
    }
}
