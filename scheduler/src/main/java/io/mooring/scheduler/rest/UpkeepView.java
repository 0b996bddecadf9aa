package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.Unreachable;
import io.mooring.scheduler.definition.UpgradeStrategy;
import io.mooring.scheduler.definition.Upkeep;
import java.util.List;

/** Fills in what an app's definition left to Marathon's defaults, as Marathon shows it. Put back, it changes nothing. */
final class UpkeepView {
    private static final List<String> LISTS = List.of("dependencies", "healthChecks", "readinessChecks");

    private UpkeepView() {}

    static void fill(ObjectNode view, App app) {
        Upkeep upkeep = app.definition().upkeep();
        for (String list : LISTS) {
            if (!view.hasNonNull(list)) {
                view.putArray(list);
            }
        }
        if (!view.hasNonNull("executor")) {
            view.put("executor", "");
        }
        if (!view.hasNonNull("gpus")) {
            view.put("gpus", 0);
        }
        if (!view.hasNonNull("killSelection")) {
            view.put("killSelection", upkeep.killSelection().name());
        }
        if (!view.hasNonNull("requirePorts")) {
            view.put("requirePorts", false);
        }
        network(view);
        ListDefaults.fill(view);
        if (!view.hasNonNull("upgradeStrategy")) {
            UpgradeStrategy usual =
                    app.definition().volumes().isEmpty() ? UpgradeStrategy.USUAL : UpgradeStrategy.WITH_VOLUMES;
            UpgradeStrategy strategy = upkeep.upgrade().orElse(usual);
            view.putObject("upgradeStrategy")
                    .put("minimumHealthCapacity", strategy.minimumHealthCapacity())
                    .put("maximumOverCapacity", strategy.maximumOverCapacity());
        }
        // Of a task with a volume of its own it would not be true: evidence decides when another one starts.
        if (!view.hasNonNull("unreachableStrategy")
                && upkeep.unreachable().equals(Unreachable.AT_ONCE)
                && !app.exclusive()) {
            view.putObject("unreachableStrategy").put("inactiveAfterSeconds", 0).put("expungeAfterSeconds", 0);
        }
    }

    /** Without a word of it an app has the network of its host, and one port there. */
    private static void network(ObjectNode view) {
        boolean old = view.at("/container/docker").hasNonNull("network");
        if (!view.hasNonNull("networks") && !old) {
            view.putArray("networks").addObject().put("mode", "host");
        }
        boolean host = view.at("/networks/0/mode").asText().equals("host");
        if (host && !view.hasNonNull("portDefinitions") && !view.hasNonNull("ports")) {
            view.putArray("portDefinitions").addObject().put("port", 0).put("protocol", "tcp");
        }
    }
}
