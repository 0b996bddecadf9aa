package io.mooring.scheduler.mesos;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mooring.common.mesoshttp.CallOutcome;
import io.mooring.common.mesoshttp.MesosHttp;
import io.mooring.common.mesoshttp.MesosHttp.Limits;
import io.mooring.common.mesoshttp.StreamEnd;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.random.RandomGenerator;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.apache.mesos.v1.scheduler.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mesos over its v1 HTTP API, without native code. Detects the leading master from a list of addresses and by redirect,
 * keeps one subscription open, and sends calls one after the other.
 */
public final class HttpMesos implements Mesos, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpMesos.class);
    private static final int QUEUE = 10_000;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    /** Five of Mesos' heartbeats of 15 s. */
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5), Duration.ofSeconds(75), Duration.ofSeconds(75), 64 << 20);

    private final List<URI> masters;
    private final Optional<String> authorization;
    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>(QUEUE);
    private final Thread subscriber = new Thread(this::follow, "mesos-events");
    private final Thread sender = new Thread(this::send, "mesos-calls");
    private volatile MesosHttp connection;
    private volatile Call subscribe;
    private volatile boolean closed;

    /** @param masters addresses such as {@code http://host:5050}; whichever leads is found */
    public HttpMesos(List<URI> masters, Optional<String> authorization, Scheduler scheduler, RandomGenerator random) {
        this.masters = List.copyOf(masters);
        this.authorization = authorization;
        this.scheduler = scheduler;
        this.random = random;
    }

    public void start() {
        subscriber.start();
        sender.start();
    }

    /** Queues a call. A SUBSCRIBE opens the stream; other calls are sent in order on the running subscription. */
    @Override
    public void send(Call call) {
        if (call.getType() == Call.Type.SUBSCRIBE) {
            subscribe = call;
            return;
        }
        if (!calls.offer(call)) {
            // More calls than Mesos takes: begin anew, and reconcile, instead of growing without end.
            LOG.warn("{} calls wait for the master; subscribing again", QUEUE);
            reconnect();
        }
    }

    @Override
    public void reconnect() {
        MesosHttp current = connection;
        if (current != null) {
            current.disconnect();
        }
    }

    @Override
    public void close() {
        closed = true;
        subscriber.interrupt();
        sender.interrupt();
        MesosHttp current = connection;
        if (current != null) {
            current.close();
        }
    }

    private void follow() {
        int attempt = 0;
        URI next = masters.get(0);
        while (!closed) {
            URI master = next;
            StreamEnd end = session(master);
            if (end instanceof StreamEnd.Redirected redirected) {
                next = URI.create(redirected.leader().getScheme() + "://"
                        + redirected.leader().getAuthority());
                LOG.info("master {} says that {} leads", master, next);
                attempt++;
            } else {
                LOG.warn("subscription at {} ended: {}", master, end);
                attempt = end instanceof StreamEnd.Closed ? 1 : attempt + 1;
                next = masters.get(attempt % masters.size());
            }
            if (attempt > 1 || !(end instanceof StreamEnd.Redirected)) {
                pause(attempt);
            }
        }
    }

    private StreamEnd session(URI master) {
        try (MesosHttp http = new MesosHttp(master.resolve("/api/v1/scheduler"), authorization, LIMITS)) {
            subscribe = null;
            scheduler.connected(this);
            Call call = subscribe;
            if (call == null) {
                return new StreamEnd.Unavailable("the scheduler does not want to subscribe yet");
            }
            calls.clear();
            StreamEnd end = http.subscribe(call.toByteArray(), () -> connection = http, this::received);
            boolean wasOpen = connection == http;
            connection = null;
            if (wasOpen) {
                scheduler.disconnected(this);
            }
            return end;
        }
    }

    private void received(byte[] record) {
        try {
            scheduler.received(this, Event.parseFrom(record));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            // An id of a form that no Mesos gives is as little an event as bytes that are no message.
            LOG.atWarn().setCause(e).log("an event of {} bytes is no event; subscribing again", record.length);
            reconnect();
        }
    }

    private void send() {
        while (!closed) {
            try {
                Call call = calls.take();
                MesosHttp current = connection;
                if (current == null) {
                    continue; // what was meant for a dead subscription is found out by reconciliation
                }
                answered(call, current.call(call.toByteArray()), current);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void answered(Call call, CallOutcome outcome, MesosHttp current) {
        if (outcome instanceof CallOutcome.Refused refused) {
            LOG.warn("master refused {}: {} {}", call.getType(), refused.status(), refused.reason());
            if (refused.status() == 403 || refused.reason().contains("stream ID")) {
                current.disconnect(); // superseded or disconnected
            }
        } else if (outcome instanceof CallOutcome.Unknown unknown) {
            LOG.warn("outcome of {} is unknown: {}; subscribing again to reconcile", call.getType(), unknown.reason());
            current.disconnect();
        }
    }

    /** Exponential with full jitter, so that many schedulers do not come back at the same moment. */
    private void pause(int attempt) {
        long most = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempt, 10));
        try {
            Thread.sleep(random.nextLong(most) + 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
