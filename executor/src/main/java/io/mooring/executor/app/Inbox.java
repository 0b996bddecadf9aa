package io.mooring.executor.app;

import io.mooring.executor.engine.Event;
import java.util.Queue;
import java.util.function.Consumer;

/** Keeps what the agent sends until the engine is there, in order. */
final class Inbox implements Consumer<Event> {
    private final Queue<Event> early;
    private Consumer<Event> engine;

    Inbox(Queue<Event> early) {
        this.early = early;
        this.engine = early::add;
    }

    @Override
    public synchronized void accept(Event event) {
        engine.accept(event);
    }

    synchronized void flowInto(Consumer<Event> next) {
        early.forEach(next);
        engine = next;
    }
}
