package io.mooring.scheduler.rest;

import com.codahale.metrics.Counting;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metered;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Snapshot;
import com.codahale.metrics.Timer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.TimeUnit;

/** Marathon's {@code /metrics}: what the admin port tells, in the same shape, to those who may read the API. */
@Path("/metrics")
@Produces(MediaType.APPLICATION_JSON)
public final class MetricsResource {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MetricRegistry metrics;

    MetricsResource(MetricRegistry metrics) {
        this.metrics = metrics;
    }

    @GET
    public ObjectNode show() {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("version", "4.0.0");
        ObjectNode gauges = view.putObject("gauges");
        metrics.getGauges().forEach((name, gauge) -> gauge(gauges.putObject(name), gauge));
        ObjectNode counters = view.putObject("counters");
        metrics.getCounters().forEach((name, counter) -> count(counters.putObject(name), counter));
        ObjectNode histograms = view.putObject("histograms");
        metrics.getHistograms()
                .forEach((name, each) -> snapshot(count(histograms.putObject(name), each), each.getSnapshot(), 1));
        ObjectNode meters = view.putObject("meters");
        metrics.getMeters().forEach((name, meter) -> rates(meters.putObject(name), meter));
        ObjectNode timers = view.putObject("timers");
        metrics.getTimers().forEach((name, timer) -> timer(timers.putObject(name), timer));
        return view;
    }

    private static void gauge(ObjectNode view, Gauge<?> gauge) {
        Object value = gauge.getValue();
        if (value instanceof Number number) {
            view.put("value", number.doubleValue());
        } else {
            view.put("value", String.valueOf(value));
        }
    }

    private static ObjectNode count(ObjectNode view, Counting counting) {
        return view.put("count", counting.getCount());
    }

    private static ObjectNode rates(ObjectNode view, Metered metered) {
        return count(view, metered)
                .put("m1_rate", metered.getOneMinuteRate())
                .put("m5_rate", metered.getFiveMinuteRate())
                .put("m15_rate", metered.getFifteenMinuteRate())
                .put("mean_rate", metered.getMeanRate())
                .put("units", "events/second");
    }

    private static void timer(ObjectNode view, Timer timer) {
        snapshot(rates(view, timer), timer.getSnapshot(), NANOS);
        view.put("duration_units", "seconds");
    }

    private static void snapshot(ObjectNode view, Snapshot snapshot, double unit) {
        view.put("min", snapshot.getMin() / unit)
                .put("max", snapshot.getMax() / unit)
                .put("mean", snapshot.getMean() / unit)
                .put("p50", snapshot.getMedian() / unit)
                .put("p95", snapshot.get95thPercentile() / unit)
                .put("p99", snapshot.get99thPercentile() / unit);
    }
}
