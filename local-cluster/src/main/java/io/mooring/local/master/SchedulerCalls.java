package io.mooring.local.master;

import io.mooring.local.wire.RefusedException;
import java.util.Optional;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** What a scheduler call must contain before anyone looks at it. */
final class SchedulerCalls {
    private static final int UUID_BYTES = 16;

    private SchedulerCalls() {}

    /** Refuses with 400 in Mesos' words. */
    static void validate(Call call, Optional<String> principal) throws RefusedException {
        expect(call.hasType(), "type");
        if (call.getType() == Call.Type.SUBSCRIBE) {
            expect(call.hasSubscribe(), "subscribe");
            if (!call.getFrameworkId()
                    .equals(call.getSubscribe().getFrameworkInfo().getId())) {
                throw refused("'framework_id' differs from 'subscribe.framework_info.id'");
            }
            samePrincipal(call.getSubscribe().getFrameworkInfo(), principal);
            return;
        }
        expect(call.hasFrameworkId(), "framework_id");
        expectMessage(call);
        if (call.getType() == Call.Type.UPDATE_FRAMEWORK
                && !call.getFrameworkId()
                        .equals(call.getUpdateFramework().getFrameworkInfo().getId())) {
            throw refused("'framework_id' differs from 'update_framework.framework_info.id'");
        }
        if (call.getType() == Call.Type.ACKNOWLEDGE
                && call.getAcknowledge().getUuid().size() != UUID_BYTES) {
            throw refused("Not a valid UUID");
        }
        if (call.getType() == Call.Type.UPDATE_FRAMEWORK) {
            samePrincipal(call.getUpdateFramework().getFrameworkInfo(), principal);
        }
        if (call.getType() == Call.Type.ACKNOWLEDGE_OPERATION_STATUS) {
            Call.AcknowledgeOperationStatus acknowledge = call.getAcknowledgeOperationStatus();
            if (acknowledge.getUuid().size() != UUID_BYTES) {
                throw refused("Not a valid UUID");
            }
            expect(acknowledge.hasAgentId(), "agent_id");
        }
    }

    private static void samePrincipal(FrameworkInfo info, Optional<String> principal) throws RefusedException {
        if (principal.isPresent() && info.hasPrincipal() && !info.getPrincipal().equals(principal.get())) {
            throw refused("Authenticated principal '" + principal.get() + "' does not match principal '"
                    + info.getPrincipal() + "' set in `FrameworkInfo`");
        }
    }

    private static void expectMessage(Call call) throws RefusedException {
        switch (call.getType()) {
            case ACCEPT -> expect(call.hasAccept(), "accept");
            case DECLINE -> expect(call.hasDecline(), "decline");
            case ACCEPT_INVERSE_OFFERS -> expect(call.hasAcceptInverseOffers(), "accept_inverse_offers");
            case DECLINE_INVERSE_OFFERS -> expect(call.hasDeclineInverseOffers(), "decline_inverse_offers");
            case KILL -> expect(call.hasKill(), "kill");
            case SHUTDOWN -> expect(call.hasShutdown(), "shutdown");
            case ACKNOWLEDGE -> expect(call.hasAcknowledge(), "acknowledge");
            case ACKNOWLEDGE_OPERATION_STATUS ->
                expect(call.hasAcknowledgeOperationStatus(), "acknowledge_operation_status");
            case RECONCILE -> expect(call.hasReconcile(), "reconcile");
            case RECONCILE_OPERATIONS -> expect(call.hasReconcileOperations(), "reconcile_operations");
            case MESSAGE -> expect(call.hasMessage(), "message");
            case REQUEST -> expect(call.hasRequest(), "request");
            case UPDATE_FRAMEWORK -> expect(call.hasUpdateFramework(), "update_framework");
            case SUBSCRIBE, TEARDOWN, REVIVE, SUPPRESS, UNKNOWN -> {}
        }
    }

    private static void expect(boolean present, String field) throws RefusedException {
        if (!present) {
            throw refused("Expecting '" + field + "' to be present");
        }
    }

    private static RefusedException refused(String text) {
        return RefusedException.of(400, "Failed to validate scheduler::Call: " + text);
    }
}
