package io.mooring.scheduler.mesos;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mooring.common.mesoshttp.Access;
import io.mooring.common.mesoshttp.CallOutcome;
import io.mooring.common.mesoshttp.MesosHttp;
import io.mooring.common.mesoshttp.MesosHttp.Limits;
import io.mooring.common.mesoshttp.StreamEnd;
import io.mooring.scheduler.detection.MasterDetector;
import java.net.URI;
import java.time.Duration;
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
 * Mesos over its v1 HTTP API, without native code. Keeps one subscription open at whoever leads, and sends calls one
 * after the other, because Mesos keeps their order on one connection only.
 */
public final class HttpMesos implements Mesos, MesosDriver {
    private static final Logger LOG = LoggerFactory.getLogger(HttpMesos.class);
    private static final int QUEUE = 10_000;
    /** Five of Mesos' heartbeats of 15 s. */
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5), Duration.ofSeconds(75), Duration.ofSeconds(75), 64 << 20);

    private final LeaderSearch search;
    private final Access access;
    private final Scheduler scheduler;
    private final Limits limits;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>(QUEUE);
    private final Thread subscriber = new Thread(this::follow, "mesos-events");
    private final Thread sender = new Thread(this::send, "mesos-calls");
    private volatile URI master;
    private volatile MesosHttp connection;
    private volatile Call subscribe;
    private volatile boolean subscribed;
    private volatile boolean closed;

    public HttpMesos(MasterDetector masters, Access access, Scheduler scheduler, RandomGenerator random) {
        this(masters, access, scheduler, random, LIMITS);
    }

    /** With less patience, for tests. */
    HttpMesos(MasterDetector masters, Access access, Scheduler scheduler, RandomGenerator random, Limits limits) {
        this.search = new LeaderSearch(masters, access, random);
        this.access = access;
        this.scheduler = scheduler;
        this.limits = limits;
    }

    @Override
    public void start() {
        search.start(this::leaderChanged);
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
        search.close();
        subscriber.interrupt();
        sender.interrupt();
        MesosHttp current = connection;
        if (current != null) {
            current.close();
        }
    }

    private void leaderChanged() {
        URI current = master;
        if (current != null && search.deposed(current)) {
            LOG.info("{} does not lead any more; subscribing at the new leader", current);
            reconnect();
        }
    }

    private void follow() {
        while (!closed) {
            Optional<URI> next = search.next();
            if (next.isPresent()) {
                subscribed = false;
                StreamEnd end = session(next.get());
                search.ended(next.get(), end, subscribed);
            }
            if (!closed) {
                search.pause();
            }
        }
    }

    private StreamEnd session(URI leader) {
        try (MesosHttp http = new MesosHttp(leader.resolve("/api/v1/scheduler"), access, limits)) {
            subscribe = null;
            scheduler.connected(this);
            Call call = subscribe;
            if (call == null) {
                return new StreamEnd.Unavailable("the scheduler does not want to subscribe yet");
            }
            calls.clear();
            StreamEnd end = http.subscribe(call.toByteArray(), () -> opened(leader, http), this::received);
            boolean wasOpen = connection == http;
            connection = null;
            master = null;
            if (wasOpen) {
                scheduler.disconnected(this);
            }
            return end;
        }
    }

    private void opened(URI leader, MesosHttp http) {
        master = leader;
        connection = http;
        leaderChanged(); // it may have been deposed while it was asked
    }

    private void received(byte[] record) {
        try {
            Event event = Event.parseFrom(record);
            subscribed |= event.getType() == Event.Type.SUBSCRIBED;
            scheduler.received(this, event);
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
            if (refused.status() == 403
                    || refused.reason().toLowerCase(java.util.Locale.ROOT).contains("stream id")) {
                current.disconnect(); // superseded or disconnected
            }
        } else if (outcome instanceof CallOutcome.Unknown unknown) {
            LOG.warn("outcome of {} is unknown: {}; subscribing again to reconcile", call.getType(), unknown.reason());
            current.disconnect();
        }
    }
}
