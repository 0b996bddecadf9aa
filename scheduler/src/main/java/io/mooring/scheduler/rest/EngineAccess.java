package io.mooring.scheduler.rest;

import io.mooring.scheduler.engine.Engine;
import io.mooring.scheduler.engine.Engine.Question;
import io.mooring.scheduler.engine.NotLeadingException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** The way from a request to the engine: there is one only while this scheduler leads. */
public final class EngineAccess {
    private final AtomicReference<Engine> engine = new AtomicReference<>();
    private final Duration longest;

    /** @param longest until a request that the engine does not answer is given up */
    public EngineAccess(Duration longest) {
        this.longest = longest;
    }

    public void open(Engine leading) {
        engine.set(leading);
    }

    public void shut() {
        engine.set(null);
    }

    public Optional<Engine> current() {
        return Optional.ofNullable(engine.get());
    }

    /** Asks and waits for the answer. */
    <T> T ask(Question<T> question) {
        Engine leading = engine.get();
        if (leading == null) {
            throw new NotLeadingException("this scheduler does not lead (yet)");
        }
        try {
            return leading.ask(question).get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotLeadingException("interrupted while waiting for the answer");
        } catch (TimeoutException e) {
            throw new NotLeadingException("no answer within " + longest.toSeconds()
                    + " s; whether the request had an effect is not known, ask again");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NotLeadingException cause ? cause : new IllegalStateException(e.getCause());
        }
    }
}
