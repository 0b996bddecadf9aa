package io.mooring.scheduler.mesos;

import io.mooring.common.ids.FrameworkId;
import java.util.Optional;

/**
 * Why Mesos ended the subscription in a way that no new one mends, in its words and in ours. Mesos tells such ends apart
 * by their text only.
 */
public record SubscriptionEnd(Why why, String words) {
    /** What follows from it. */
    public enum Why {
        /** The framework's id is dead for ever, and its tasks with it. Only an operator may begin anew. */
        REMOVED,
        /** Another scheduler has subscribed under the id. Whoever subscribed again would take it away from that one. */
        FAILED_OVER,
        /** What the framework says of itself is not accepted. */
        REFUSED
    }

    static SubscriptionEnd of(String message, Optional<FrameworkId> framework) {
        String id = framework.map(FrameworkId::value).orElse("none");
        if (message.equals("Framework has been removed")) {
            return new SubscriptionEnd(
                    Why.REMOVED,
                    "Mesos has removed framework " + id
                            + ": its failover timeout ran out, or somebody tore it down. Its"
                            + " tasks are being killed without a word, so all of its claims are suspect now. No scheduler"
                            + " registers anew by itself. Once you know that the framework is to live on, start the"
                            + " schedulers with --start-over " + id
                            + " (framework.startOver in the file): that registers a"
                            + " new one in its place, and volumes are freed as their machines prove them free");
        }
        if (message.equals("Framework failed over")) {
            return new SubscriptionEnd(
                    Why.FAILED_OVER,
                    "another scheduler has subscribed as framework " + id + "; this one gives way, and stands by");
        }
        return new SubscriptionEnd(
                Why.REFUSED,
                "Mesos does not accept the framework: " + message
                        + ". Nothing is registered anew by itself, because the"
                        + " tasks and claims of framework " + id + " still count; mend the section 'framework' of the"
                        + " configuration");
    }
}
