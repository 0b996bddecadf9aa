package io.mooring.local.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.local.resource.Resources;
import io.mooring.local.wire.MesosJson;
import io.mooring.local.wire.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.Offer;

/**
 * The offers that a framework has. How they are cut into events, when they come again, and whether what was freed around the
 * moment of an allocation comes in one offer or in two, is a matter of timing; what is in them is not.
 */
final class Offers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_MILLIS = 12_000;
    private static final long PIECES_AFTER_MILLIS = 1500;

    private final Matching matching;
    private final Map<String, JsonNode> unseen = new LinkedHashMap<>();

    Offers(Matching matching) {
        this.matching = matching;
    }

    /** Waits for every offer of the recorded event. */
    void await(OpenStream stream, JsonNode recorded) throws InterruptedException, IOException, RefusedException {
        for (JsonNode offer : recorded.at("/offers/offers")) {
            long started = System.nanoTime();
            while (!found(stream, offer, started)) {
                if (millisSince(started) > PATIENCE_MILLIS) {
                    throw new AssertionError("no such offer; there are:\n" + unseen.values() + "\n"
                            + unseen.values().stream()
                                    .map(each -> matching.copy()
                                            .difference(offer, each)
                                            .orElse("equal"))
                                    .toList());
                }
                Thread.sleep(20);
            }
        }
    }

    private static long millisSince(long started) {
        return (System.nanoTime() - started) / 1_000_000;
    }

    private boolean found(OpenStream stream, JsonNode offer, long started)
            throws InterruptedException, IOException, RefusedException {
        collect(stream);
        for (Map.Entry<String, JsonNode> each : unseen.entrySet()) {
            if (matching.fits(plain(offer), plain(each.getValue()))) {
                unseen.remove(each.getKey());
                return true;
            }
        }
        return millisSince(started) > PIECES_AFTER_MILLIS && foundInPieces(offer);
    }

    private boolean foundInPieces(JsonNode offer) throws IOException, RefusedException {
        String agent = matching.translate(offer.at("/agent_id/value").asText());
        List<Map.Entry<String, JsonNode>> pieces = new ArrayList<>(unseen.entrySet().stream()
                .filter(each -> each.getValue().at("/agent_id/value").asText().equals(agent))
                .toList());
        if (pieces.size() < 2 || !matching.fits(plain(offer), plain(together(pieces)))) {
            return false;
        }
        pieces.forEach(each -> unseen.remove(each.getKey()));
        return true;
    }

    /** One offer with the resources of all, and the id of the first. */
    private static JsonNode together(List<Map.Entry<String, JsonNode>> pieces) throws IOException, RefusedException {
        Resources sum = Resources.none();
        Offer first = null;
        for (Map.Entry<String, JsonNode> each : pieces) {
            Offer offer = (Offer) MesosJson.parse(
                    each.getValue().toString().getBytes(StandardCharsets.UTF_8), Offer.getDefaultInstance());
            first = first == null ? offer : first;
            sum = sum.plus(Resources.of(offer.getResourcesList()));
        }
        return JSON.readTree(MesosJson.print(
                first.toBuilder().clearResources().addAllResources(sum.toList()).build()));
    }

    private static JsonNode plain(JsonNode offer) {
        ObjectNode copy = offer.deepCopy();
        copy.remove("executor_ids");
        return copy;
    }

    private void collect(OpenStream stream) throws InterruptedException {
        JsonNode more = stream.take(event -> event.path("type").asText().equals("OFFERS"), 1);
        while (more != null) {
            for (JsonNode each : more.at("/offers/offers")) {
                unseen.put(each.at("/id/value").asText(), each);
            }
            more = stream.take(event -> event.path("type").asText().equals("OFFERS"), 1);
        }
    }
}
