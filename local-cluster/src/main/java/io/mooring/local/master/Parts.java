package io.mooring.local.master;

import io.mooring.local.loop.EventLoop;
import io.mooring.local.wire.Answer;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.mesos.v1.allocator.Protos.InverseOfferStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** The parts of a master put together, and which of them performs which call. */
final class Parts {
    final ClusterState state;
    final Allocation allocation;
    final Subscriptions subscriptions;
    final Registrations registrations;
    final Removals removals;
    final Draining draining;
    final Pings pings;
    final Operations operations;
    final Maintenance maintenance;
    final Weights weights;
    final TaskFlow tasks;
    private final Acceptance acceptance;
    private final InverseOffers inverseOffers;
    private final Reconciliation reconciliation;
    private final OperationReconciliation operationReconciliation;
    private final MasterSettings settings;

    Parts(String masterId, MasterSettings settings, Registry registry, EventLoop loop, InstantSource clock) {
        this.settings = settings;
        state = new ClusterState(masterId, registry, clock.instant());
        Statuses statuses = new Statuses(clock);
        TaskNews news = new TaskNews(state);
        Machines machines = new Machines(registry);
        inverseOffers = new InverseOffers(state, machines, clock);
        allocation = new Allocation(state, loop, new OfferMessages(state, machines), inverseOffers, clock, settings);
        weights = new Weights(state, allocation);
        operations = new Operations(state);
        removals = new Removals(state, allocation, operations, inverseOffers, statuses, news, clock);
        draining = new Draining(state, allocation, removals, clock);
        pings = new Pings(state, allocation, removals, statuses, news, settings);
        maintenance = new Maintenance(state, machines, allocation, inverseOffers, removals);
        registrations = new Registrations(
                state,
                loop,
                allocation,
                removals,
                draining,
                maintenance,
                operations,
                new Adoption(state, statuses, news, clock),
                clock,
                settings);
        subscriptions = new Subscriptions(state, loop, allocation, operations, news, statuses, clock, settings);
        acceptance = new Acceptance(state, allocation, new Launches(state, statuses), operations, statuses);
        reconciliation = new Reconciliation(state, statuses);
        operationReconciliation = new OperationReconciliation(state, operations);
        tasks = new TaskFlow(state, reconciliation, draining);
    }

    View view() {
        return new View(state, operations, maintenance, settings);
    }

    /** A call of a subscribed framework. */
    Answer perform(FrameworkEntry framework, Call call, Optional<String> principal) {
        switch (call.getType()) {
            case TEARDOWN -> subscriptions.remove(framework);
            case ACCEPT -> acceptance.accept(framework, call.getAccept());
            case DECLINE -> acceptance.decline(framework, call.getDecline());
            case ACCEPT_INVERSE_OFFERS ->
                inverseOffers.answered(
                        framework,
                        call.getAcceptInverseOffers().getInverseOfferIdsList(),
                        InverseOfferStatus.Status.ACCEPT,
                        call.getAcceptInverseOffers().getFilters());
            case DECLINE_INVERSE_OFFERS ->
                inverseOffers.answered(
                        framework,
                        call.getDeclineInverseOffers().getInverseOfferIdsList(),
                        InverseOfferStatus.Status.DECLINE,
                        call.getDeclineInverseOffers().getFilters());
            case REVIVE -> subscriptions.revive(framework, call.getRevive().getRolesList());
            case SUPPRESS ->
                subscriptions.suppress(framework, call.getSuppress().getRolesList());
            case KILL -> tasks.kill(framework, call.getKill());
            case SHUTDOWN -> tasks.shutdown(framework, call.getShutdown());
            case ACKNOWLEDGE -> tasks.acknowledge(framework, call.getAcknowledge());
            case ACKNOWLEDGE_OPERATION_STATUS ->
                operations.acknowledge(framework, call.getAcknowledgeOperationStatus());
            case RECONCILE -> reconciliation.answer(framework, call.getReconcile());
            case RECONCILE_OPERATIONS -> operationReconciliation.answer(framework, call.getReconcileOperations());
            case MESSAGE -> tasks.message(framework, call.getMessage());
            // The real master's allocator ignores it, too.
            case REQUEST -> {}
            case UPDATE_FRAMEWORK -> {
                return subscriptions.update(framework, call.getUpdateFramework(), principal);
            }
            case SUBSCRIBE, UNKNOWN -> {
                return Answer.notImplemented();
            }
        }
        return Answer.accepted();
    }
}
