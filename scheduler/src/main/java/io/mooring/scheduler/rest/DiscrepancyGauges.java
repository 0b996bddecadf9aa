package io.mooring.scheduler.rest;

import com.codahale.metrics.CachedGauge;
import com.codahale.metrics.MetricRegistry;
import io.mooring.scheduler.cluster.Discrepancies.Name;
import io.mooring.scheduler.engine.NotLeadingException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A gauge for each way in which claims, tasks and attachments can disagree; zero where this scheduler does not lead. */
public final class DiscrepancyGauges extends CachedGauge<Map<Name, Integer>> {
    private final EngineAccess engine;

    private DiscrepancyGauges(EngineAccess engine) {
        super(5, TimeUnit.SECONDS);
        this.engine = engine;
    }

    /** Registers {@code mooring.discrepancies.<name>} for every name. */
    public static void register(MetricRegistry metrics, EngineAccess engine) {
        DiscrepancyGauges counts = new DiscrepancyGauges(engine);
        for (Name name : Name.values()) {
            metrics.gauge(
                    "mooring.discrepancies." + name.word(),
                    () -> () -> counts.getValue().getOrDefault(name, 0));
        }
    }

    @Override
    protected Map<Name, Integer> loadValue() {
        try {
            return engine.ask((decider, decision) -> {
                Map<Name, Integer> counts = new EnumMap<>(Name.class);
                for (Name name : Name.values()) {
                    counts.put(name, decider.state().discrepancies().count(name));
                }
                return counts;
            });
        } catch (NotLeadingException e) {
            return Map.of();
        }
    }
}
