package io.mooring.scheduler.mesos;

import io.mooring.common.mesoshttp.Access;
import io.mooring.common.mesoshttp.StreamEnd;
import io.mooring.scheduler.detection.MasterDetector;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which master to subscribe at next, and when: what the detector says, or where a master redirects to, with longer and
 * longer pauses. Only for the thread that subscribes, but for what is said otherwise.
 */
final class LeaderSearch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderSearch.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

    private final MasterDetector masters;
    private final Access access;
    private final RandomGenerator random;
    private final Semaphore news = new Semaphore(0);
    private Optional<URI> redirected = Optional.empty();
    private int attempt;

    LeaderSearch(MasterDetector masters, Access access, RandomGenerator random) {
        this.masters = masters;
        this.access = access;
        this.random = random;
    }

    /** @param changed runs, on any thread, when another master may lead */
    void start(Runnable changed) {
        masters.start(() -> {
            changed.run();
            news.release();
        });
    }

    /** For any thread. */
    boolean deposed(URI master) {
        return masters.deposed(master);
    }

    /** Where to subscribe now; empty while nobody is known to lead. */
    Optional<URI> next() {
        news.drainPermits(); // what is news after this is not in the answer yet
        Optional<URI> next = redirected.or(() -> masters.candidate(attempt));
        redirected = Optional.empty();
        return next;
    }

    /** @param subscribed whether the stream had begun in earnest, and not only been opened */
    void ended(URI master, StreamEnd end, boolean subscribed) {
        attempt = subscribed ? 1 : attempt + 1;
        if (end instanceof StreamEnd.Redirected redirect) {
            redirected = allowed(master, redirect.leader());
        } else if (end instanceof StreamEnd.Refused refused) {
            LOG.error(
                    "master {} refuses the subscription: {} {}{}",
                    master,
                    refused.status(),
                    refused.reason(),
                    advice(refused));
        } else {
            LOG.warn("subscription at {} ended: {}", master, end);
        }
    }

    /** Credentials go to masters that are known as such, and never from TLS to plain text. */
    private Optional<URI> allowed(URI from, URI to) {
        if (to.getHost() == null) {
            LOG.warn("master {} redirects to {}, which is no master's address", from, to);
            return Optional.empty();
        }
        URI root = URI.create(to.getScheme() + "://" + to.getHost() + (to.getPort() < 0 ? "" : ":" + to.getPort()));
        boolean secret = access.authorization().get().isPresent();
        if (secret && !(masters.trusts(root) && from.getScheme().equals(root.getScheme()))) {
            LOG.warn(
                    "master {} says that {} leads, which is none of mesos.masters; credentials do not go there. Name all"
                            + " masters, as they name themselves, or zk://...",
                    from,
                    root);
            return Optional.empty();
        }
        LOG.info("master {} says that {} leads", from, root);
        return Optional.of(root);
    }

    private static String advice(StreamEnd.Refused refused) {
        return switch (refused.status()) {
            case 401 -> "; mesos.credential has to name a file with a principal and secret that the master knows";
            case 403 -> "; the principal may not register this framework";
            default -> "";
        };
    }

    /**
     * Exponential with full jitter, so that many schedulers do not come back at the same moment. Ends early when another
     * master is detected. The first redirect is followed at once.
     */
    void pause() {
        if (redirected.isPresent() && attempt <= 1) {
            return;
        }
        long most = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempt, 10));
        try {
            if (news.tryAcquire(random.nextLong(most) + 1, TimeUnit.MILLISECONDS)) {
                attempt = 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        masters.close();
    }
}
