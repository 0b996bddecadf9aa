package io.mooring.local.wire;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A subscription whose events meet faults on their way. */
final class FaultySink implements EventSink {
    /** More than this is not held for a client: it is cut, as one that does not read. */
    private static final long MAX_HELD_BYTES = 64L << 20;

    private final StreamFaults faults;
    private final Optional<String> executor;
    private final EventSink sink;
    private final Deque<Message> held = new ArrayDeque<>();
    private final Deque<Message> overtaken = new ArrayDeque<>();
    private volatile String framework;
    private long heldBytes;
    private int holds;
    private boolean ending;

    FaultySink(StreamFaults faults, String framework, Optional<String> executor, EventSink sink) {
        this.faults = faults;
        this.framework = framework;
        this.executor = executor;
        this.sink = sink;
    }

    boolean isOf(Optional<String> wantedFramework, Optional<String> wantedExecutor) {
        return wantedFramework.map(framework::equals).orElse(true) && wantedExecutor.equals(executor);
    }

    @Override
    public synchronized void send(Message event) {
        String type = type(event);
        if (event instanceof org.apache.mesos.v1.scheduler.Protos.Event subscribed && subscribed.hasSubscribed()) {
            framework = subscribed.getSubscribed().getFrameworkId().getValue();
        }
        Optional<StreamFaults.Rule> rule = faults.rule(framework, executor, type);
        if (rule.isEmpty()) {
            pass(event);
            return;
        }
        switch (rule.get().effect()) {
            case DROP -> {}
            case DUPLICATE -> {
                pass(event);
                pass(event);
            }
            case REORDER -> overtaken.add(event);
            case DELAY -> {
                hold(rule.get().time());
                pass(event);
            }
        }
    }

    private static String type(Message event) {
        Object type = event.getField(event.getDescriptorForType().findFieldByName("type"));
        return ((EnumValueDescriptor) type).getName();
    }

    private void pass(Message event) {
        write(event);
        while (!overtaken.isEmpty()) {
            write(overtaken.remove());
        }
    }

    private void write(Message event) {
        if (holds == 0) {
            sink.send(event);
            return;
        }
        held.add(event);
        heldBytes += event.getSerializedSize();
        if (heldBytes > MAX_HELD_BYTES) {
            sink.cut();
        }
    }

    /** Writes nothing for a while. */
    synchronized void hold(Duration time) {
        holds++;
        faults.later(time, this::release);
    }

    private synchronized void release() {
        holds--;
        if (holds > 0) {
            return;
        }
        while (!held.isEmpty()) {
            sink.send(held.remove());
        }
        heldBytes = 0;
        if (ending) {
            sink.end();
        }
    }

    @Override
    public synchronized void end() {
        overtaken.forEach(this::write);
        overtaken.clear();
        ending = true;
        if (holds == 0) {
            sink.end();
        }
    }

    @Override
    public void cut() {
        sink.cut();
    }

    @Override
    public void onClose(Runnable action) {
        sink.onClose(action);
    }
}
