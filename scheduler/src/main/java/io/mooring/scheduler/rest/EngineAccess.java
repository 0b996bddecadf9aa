package io.mooring.scheduler.rest;

import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Decision;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.AppVersion;
import io.mooring.scheduler.engine.Engine;
import io.mooring.scheduler.engine.Engine.Question;
import io.mooring.scheduler.engine.NotLeadingException;
import io.mooring.scheduler.engine.Versions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** The way from a request to the engine: there is one only while this scheduler leads. */
public final class EngineAccess {
    /** A few milliseconds of the engine's time. */
    private static final int AT_A_TIME = 200;

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

    /**
     * Looks at each of many things, some at a time: the engine answers others in between. Each is shown as it is at one moment,
     * the list is not, and what is gone when its turn comes is left out.
     *
     * @param keys names what is looked at
     */
    <K, T> List<T> each(Question<List<K>> keys, Look<K, T> look) {
        List<K> all = ask(keys);
        List<T> seen = new ArrayList<>(all.size());
        for (int from = 0; from < all.size(); from += AT_A_TIME) {
            List<K> some = all.subList(from, Math.min(all.size(), from + AT_A_TIME));
            seen.addAll(ask((decider, decision) -> some.stream()
                    .flatMap(key -> look.at(key, decider, decision).stream())
                    .toList()));
        }
        return seen;
    }

    /** Shows one of many things, if it is still there. */
    interface Look<K, T> {
        Optional<T> at(K key, Decider decider, Decision decision);
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
