package io.mooring.scheduler.marathon;

import java.util.ArrayList;
import java.util.List;

/** Checks {@code networks} by the rules that hold whatever runs in them: Marathon's {@code NetworkValidation}. */
final class NetworkReader {
    private NetworkReader() {}

    /** Gives notes of what has no effect. */
    static List<String> check(Fields app) {
        List<String> notes = new ArrayList<>();
        List<Fields> networks = app.objects("networks");
        if (networks.size() > 1) {
            app.error("networks", "has " + networks.size() + " networks", "one: the host's, or a bridge");
        }
        for (Fields network : networks) {
            network.only("name", "mode", "labels");
            String mode = network.text("mode").orElse("container");
            boolean named = network.has("name");
            boolean labelled = !network.textMap("labels", "a text").isEmpty();
            if (mode.equals("host") && (named || labelled)) {
                network.error(
                        named ? "name" : "labels", "Host networks may not have names or labels", "the mode alone");
            } else if (mode.equals("container/bridge") && named) {
                network.error("name", "Bridge networks may not have names", "the mode alone");
            } else if (mode.equals("container/bridge") && labelled) {
                notes.add("'" + network.at("labels").substring(1) + "' is accepted and has no effect here");
            }
        }
        return notes;
    }
}
