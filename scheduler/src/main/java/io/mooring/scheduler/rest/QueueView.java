package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.decision.Explanation;

/** A waiting app in the shape of Marathon's queue. */
final class QueueView {
    private QueueView() {}

    /** What is shown of the offers that were of no use. */
    enum Offers {
        COUNTED,
        SHOWN
    }

    static ObjectNode of(SeenWaiting waiting, Offers offers) {
        Explanation explanation = waiting.explanation();
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        item.set("app", AppView.definition(waiting.app(), waiting.role()));
        item.put("count", explanation.missing());
        waiting.role().ifPresent(known -> item.put("role", known));
        long left = waiting.delay().toSeconds();
        item.putObject("delay").put("timeLeftSeconds", left).put("overdue", left == 0);
        item.put("since", Times.text(explanation.since()));
        summary(item.putObject("processedOffersSummary"), explanation);
        if (offers == Offers.SHOWN) {
            unused(item.putArray("lastUnusedOffers"), explanation);
        }
        return item;
    }

    private static void summary(ObjectNode summary, Explanation explanation) {
        int most = explanation.vetoes().stream()
                .mapToInt(veto -> veto.count())
                .max()
                .orElse(0);
        summary.put("processedOffersCount", most).put("unusedOffersCount", most);
        summary.put("lastUnusedOfferAt", Times.text(explanation.at()));
        ArrayNode reasons = summary.putArray("rejectSummaryLastOffers");
        explanation.vetoes().forEach(veto -> reasons.addObject()
                .put("reason", veto.kind().name())
                .put("declined", veto.count())
                .put("processed", most)
                .put("example", veto.reason()));
        summary.set("rejectSummaryLaunchAttempt", reasons.deepCopy());
    }

    /** One offer for each reason, the first of the last round: the others were refused for the same. */
    private static void unused(ArrayNode unused, Explanation explanation) {
        explanation.vetoes().forEach(veto -> veto.agent().ifPresent(agent -> {
            ObjectNode offer = unused.addObject();
            offer.put("timestamp", Times.text(explanation.at()));
            offer.putArray("reason").add(veto.kind().name()).add(veto.reason());
            offer.putObject("offer").put("agentId", agent);
        }));
    }
}
