package io.mooring.scheduler.marathon;

import io.mooring.scheduler.definition.AppHealthCheck;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Definition.PortRequest;
import io.mooring.scheduler.definition.KillSelection;
import io.mooring.scheduler.definition.ReadinessCheck;
import io.mooring.scheduler.definition.ReadinessCheck.Response;
import io.mooring.scheduler.definition.Unreachable;
import io.mooring.scheduler.definition.UpgradeStrategy;
import io.mooring.scheduler.definition.Upkeep;
import io.mooring.scheduler.definition.VolumeSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads how an app's tasks are looked after and replaced, with Marathon's defaults and rules. */
final class UpkeepReader {
    private static final String SINGLE_INSTANCE = "MARATHON_SINGLE_INSTANCE_APP";
    private static final int MOST_SECONDS = 24 * 3600;

    private final Fields app;
    private final List<PortRequest> ports;
    private final List<VolumeSpec> volumes;

    UpkeepReader(Fields app, List<PortRequest> ports, List<VolumeSpec> volumes) {
        this.app = app;
        this.ports = ports;
        this.volumes = volumes;
    }

    /** @param id against which relative dependencies are resolved */
    Upkeep read(Optional<AppId> id, int instances, String singleInstance) {
        Optional<UpgradeStrategy> upgrade = upgrade();
        if (singleInstance.equals("true")) {
            checkSingle(instances, upgrade);
        }
        List<AppHealthCheck> checks = new HealthCheckReader(app, ports.size()).read();
        return new Upkeep(
                checks.stream().findFirst(),
                readiness(),
                upgrade,
                selection(),
                unreachable(),
                dependencies(id),
                checks.stream().skip(1).toList());
    }

    /** What the user should know of what was asked and is not so here. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        boolean exclusive = volumes.stream().anyMatch(spec -> !spec.request().shared());
        if (exclusive && app.has("unreachableStrategy")) {
            notes.add(
                    "'unreachableStrategy' replaces no task that has a volume of its own: another one starts when there"
                            + " is evidence that the old one cannot write any more, as the volume's 'takeover' says");
        }
        boolean demanding =
                app.node().at("/upgradeStrategy/minimumHealthCapacity").asDouble() > 0;
        if (exclusive && demanding) {
            notes.add(
                    "'upgradeStrategy/minimumHealthCapacity' holds for all tasks but one: a task's volume has to be let go"
                            + " before the next one starts");
        }
        return notes;
    }

    static String singleInstance(Map<String, String> labels) {
        return labels.getOrDefault(SINGLE_INSTANCE, "");
    }

    /** A volume with one writer has to let go before its next task starts, so nothing runs over capacity. */
    private Optional<UpgradeStrategy> upgrade() {
        UpgradeStrategy usual = volumes.isEmpty() ? UpgradeStrategy.USUAL : UpgradeStrategy.WITH_VOLUMES;
        // What is usual counts as not said, so that a definition that is read and put back is the same.
        return app.object("upgradeStrategy")
                .map(upgrade -> strategy(upgrade, usual))
                .filter(asked -> !asked.equals(usual));
    }

    private UpgradeStrategy strategy(Fields upgrade, UpgradeStrategy usual) {
        upgrade.only("minimumHealthCapacity", "maximumOverCapacity");
        return new UpgradeStrategy(
                upgrade.number("minimumHealthCapacity", 0, 1, usual.minimumHealthCapacity()),
                upgrade.number("maximumOverCapacity", 0, volumes.isEmpty() ? 1 : 0, usual.maximumOverCapacity()));
    }

    private void checkSingle(int instances, Optional<UpgradeStrategy> upgrade) {
        if (instances > 1) {
            app.error("instances", "is " + instances + ", and the label " + SINGLE_INSTANCE + " is true", "0 or 1");
        }
        boolean nothing = upgrade.filter(each -> each.minimumHealthCapacity() == 0 && each.maximumOverCapacity() == 0)
                .isPresent();
        if (!nothing) {
            app.error(
                    "upgradeStrategy",
                    "leaves room for a second task, and the label " + SINGLE_INSTANCE + " is true",
                    "{\"minimumHealthCapacity\": 0, \"maximumOverCapacity\": 0}");
        }
    }

    /** What Marathon calls {@code "disabled"}, or two times. */
    private Unreachable unreachable() {
        if (!app.has("unreachableStrategy")) {
            return Unreachable.AT_ONCE;
        }
        if (app.node().get("unreachableStrategy").asText().equals("disabled")) {
            return Unreachable.NEVER;
        }
        return app.object("unreachableStrategy").map(this::unreachable).orElse(Unreachable.AT_ONCE);
    }

    private Unreachable unreachable(Fields strategy) {
        strategy.only("inactiveAfterSeconds", "expungeAfterSeconds");
        int inactive = strategy.count("inactiveAfterSeconds", 0, MOST_SECONDS * 365, 0);
        int expunge = strategy.count("expungeAfterSeconds", 0, MOST_SECONDS * 365, inactive);
        if (inactive > expunge) {
            strategy.error(
                    "inactiveAfterSeconds",
                    "is " + inactive + ", more than expungeAfterSeconds, which is " + expunge,
                    "no more than expungeAfterSeconds");
        }
        return new Unreachable(Optional.of(Duration.ofSeconds(inactive)), Optional.of(Duration.ofSeconds(expunge)));
    }

    private KillSelection selection() {
        String word = app.text("killSelection").orElse("YOUNGEST_FIRST");
        if (!word.equals("YOUNGEST_FIRST") && !word.equals("OLDEST_FIRST")) {
            app.error("killSelection", "is " + word, "YOUNGEST_FIRST or OLDEST_FIRST");
        }
        return word.equals("OLDEST_FIRST") ? KillSelection.OLDEST_FIRST : KillSelection.YOUNGEST_FIRST;
    }

    private List<String> dependencies(Optional<AppId> id) {
        List<String> paths = new ArrayList<>();
        List<String> written = app.texts("dependencies");
        for (int i = 0; i < written.size(); i++) {
            Optional<String> path =
                    RelativePaths.resolve(written.get(i), id.map(AppId::path).orElse("/"));
            if (path.isEmpty()) {
                app.error(
                        "dependencies(" + i + ")",
                        "is '" + written.get(i).replaceAll("[^ -~]", "?") + "'",
                        "the path of an app or a group, such as /shop/db or ../db");
            }
            path.ifPresent(paths::add);
        }
        return paths;
    }

    private Optional<ReadinessCheck> readiness() {
        List<Fields> checks = app.objects("readinessChecks");
        if (checks.size() > 1) {
            app.error("readinessChecks", "has " + checks.size() + " checks", "at most one");
        }
        return checks.stream().findFirst().map(this::readiness);
    }

    private ReadinessCheck readiness(Fields check) {
        check.only(
                "name",
                "protocol",
                "path",
                "portName",
                "intervalSeconds",
                "timeoutSeconds",
                "httpStatusCodesForReady",
                "preserveLastResponse");
        String protocol = check.text("protocol").orElse("HTTP");
        if (!protocol.equals("HTTP") && !protocol.equals("HTTPS")) {
            check.error("protocol", "is " + protocol, "HTTP or HTTPS");
        }
        String path = check.text("path").orElse("/");
        if (!path.startsWith("/")) {
            check.error("path", "is '" + path + "'", "an absolute path");
        }
        int interval = check.count("intervalSeconds", 1, MOST_SECONDS, 30);
        int timeout = check.count("timeoutSeconds", 1, MOST_SECONDS, 10);
        if (timeout >= interval) {
            check.error("timeoutSeconds", "is " + timeout, "less than intervalSeconds, which is " + interval);
        }
        return new ReadinessCheck(
                check.text("name").orElse("readinessCheck"),
                protocol.equals("HTTPS") ? "https" : "http",
                path,
                port(check),
                Duration.ofSeconds(interval),
                Duration.ofSeconds(timeout),
                codes(check),
                check.flag("preserveLastResponse", false) ? Response.KEPT : Response.DROPPED);
    }

    private int port(Fields check) {
        String name = check.text("portName").orElse("http-api");
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).name().equals(Optional.of(name))) {
                return i;
            }
        }
        check.error(
                "portName", "No port definition reference for portName " + name, "the name of one of the app's ports");
        return 0;
    }

    private static List<Integer> codes(Fields check) {
        List<Integer> codes = new ArrayList<>();
        var array = check.array("httpStatusCodesForReady");
        for (int i = 0; i < array.size(); i++) {
            if (!array.get(i).isInt()
                    || array.get(i).intValue() < 100
                    || array.get(i).intValue() > 999) {
                check.error("httpStatusCodesForReady(" + i + ")", "is " + array.get(i), "a number from 100 to 999");
            }
            codes.add(array.get(i).asInt());
        }
        if (check.has("httpStatusCodesForReady") && codes.isEmpty()) {
            check.error("httpStatusCodesForReady", "is empty", "at least one status code, such as 200");
        }
        return codes.isEmpty() ? List.of(200) : codes;
    }
}
