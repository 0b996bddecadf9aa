package io.mooring.scheduler.rest;

import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.AppVersion;
import io.mooring.scheduler.engine.Engine;
import io.mooring.scheduler.engine.Engine.Question;
import io.mooring.scheduler.engine.NotLeadingException;
import io.mooring.scheduler.engine.Versions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** The way from a request to the engine: there is one only while this scheduler leads. */
public final class EngineAccess {
    private final AtomicReference<Leading> engine = new AtomicReference<>();
    private final Duration longest;

    /** @param longest until a request that the engine does not answer is given up */
    public EngineAccess(Duration longest) {
        this.longest = longest;
    }

    private record Leading(Engine engine, Versions versions) {}

    public void open(Engine leading, Versions versions) {
        engine.set(new Leading(leading, versions));
    }

    public void shut() {
        engine.set(null);
    }

    public Optional<Engine> current() {
        return Optional.ofNullable(engine.get()).map(Leading::engine);
    }

    /** Asks and waits for the answer. */
    <T> T ask(Question<T> question) {
        return await(leading().engine().ask(question));
    }

    /** An earlier version of an app; empty if it is not kept. */
    Optional<AppVersion> earlier(AppId app, Instant version) {
        return await(leading().versions().earlier(app, version).toCompletableFuture());
    }

    private Leading leading() {
        Leading leading = engine.get();
        if (leading == null) {
            throw new NotLeadingException("this scheduler does not lead (yet)");
        }
        return leading;
    }

    private <T> T await(Future<T> answer) {
        try {
            return answer.get(longest.toMillis(), TimeUnit.MILLISECONDS);
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
