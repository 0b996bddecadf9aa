package io.mooring.local.wire;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What goes wrong with the events of subscriptions, on demand. Without a rule every event passes as it is. */
public final class StreamFaults implements AutoCloseable {
    /** What happens to an event. */
    public enum Effect {
        /** It is lost. */
        DROP,
        /** It comes twice. */
        DUPLICATE,
        /** It comes behind the next one. */
        REORDER,
        /** It and all behind it wait for a while. */
        DELAY
    }

    /**
     * Which events, and what happens to them.
     *
     * @param framework only of its streams and of its executors'
     * @param executor only of this executor's streams; without it, only of frameworks' streams
     * @param event only of this type
     * @param count how many
     * @param time how long a delay lasts
     */
    public record Rule(
            Optional<String> framework,
            Optional<String> executor,
            Optional<String> event,
            Effect effect,
            int count,
            Duration time) {}

    /** A rule and how often it still applies. */
    record Active(Rule rule, AtomicInteger left) {
        boolean takes(String framework, Optional<String> executor, String event) {
            return rule.framework().map(framework::equals).orElse(true)
                    && rule.executor().equals(executor)
                    && rule.event().map(event::equals).orElse(true)
                    && left.getAndUpdate(now -> Math.max(0, now - 1)) > 0;
        }
    }

    private final List<Active> rules = new CopyOnWriteArrayList<>();
    private final List<FaultySink> open = new CopyOnWriteArrayList<>();
    private final ScheduledThreadPoolExecutor timer;

    public StreamFaults() {
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "stream-faults");
            thread.setDaemon(true);
            return thread;
        });
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    public void add(Rule rule) {
        rules.removeIf(each -> each.left().get() <= 0);
        rules.add(new Active(rule, new AtomicInteger(rule.count())));
    }

    /** Nothing is written to these streams for a while, as if the client did not read. @return how many there are */
    public int hold(Optional<String> framework, Optional<String> executor, Duration time) {
        List<FaultySink> held =
                open.stream().filter(sink -> sink.isOf(framework, executor)).toList();
        held.forEach(sink -> sink.hold(time));
        return held.size();
    }

    /** The sink of a framework, whose id may become known only when it is subscribed. */
    public EventSink ofFramework(String framework, EventSink sink) {
        return opened(new FaultySink(this, framework, Optional.empty(), sink));
    }

    public EventSink ofExecutor(String framework, String executor, EventSink sink) {
        return opened(new FaultySink(this, framework, Optional.of(executor), sink));
    }

    private EventSink opened(FaultySink sink) {
        open.add(sink);
        sink.onClose(() -> open.remove(sink));
        return sink;
    }

    Optional<Rule> rule(String framework, Optional<String> executor, String event) {
        return rules.stream()
                .filter(each -> each.takes(framework, executor, event))
                .findFirst()
                .map(Active::rule);
    }

    void later(Duration time, Runnable action) {
        var unused = timer.schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
