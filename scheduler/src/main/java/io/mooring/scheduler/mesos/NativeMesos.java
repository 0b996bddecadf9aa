package io.mooring.scheduler.mesos;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.apache.mesos.MesosNativeLibrary;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.apache.mesos.v1.scheduler.Scheduler;
import org.apache.mesos.v1.scheduler.V1Mesos;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mesos through libmesos. The library finds the master and keeps the connection; that a SUBSCRIBE is answered, and that
 * the stream lives, is its user's to see to.
 */
public final class NativeMesos implements MesosDriver {
    private static final Logger LOG = LoggerFactory.getLogger(NativeMesos.class);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(5);
    /** Five of Mesos' heartbeats of 15 s. */
    private static final Duration SILENCE = Duration.ofSeconds(75);

    private final Function<Scheduler, Mesos> library;
    private final Scheduler scheduler;
    private final Duration askAgain;
    private final Thread watch = new Thread(this::watch, "mesos-native");
    private volatile Mesos mesos;
    private Link link = Link.NONE;
    private long heardAt;
    private boolean closed;

    /** How far the library is. */
    private enum Link {
        NONE,
        CONNECTED,
        SUBSCRIBED
    }

    /**
     * @param master an address or {@code zk://...}, as libmesos takes it
     * @throws IllegalStateException if the library is not there; the message says where it was looked for
     */
    public NativeMesos(String master, Optional<Credential> credential, Scheduler scheduler) {
        this(
                watched -> credential.isPresent()
                        ? new V1Mesos(watched, master, credential.get().message())
                        : new V1Mesos(watched, master),
                scheduler,
                ASK_AGAIN);
        load();
    }

    /** With another library, for tests. */
    NativeMesos(Function<Scheduler, Mesos> library, Scheduler scheduler, Duration askAgain) {
        this.library = library;
        this.scheduler = scheduler;
        this.askAgain = askAgain;
    }

    private static void load() {
        try {
            MesosNativeLibrary.load();
        } catch (UnsatisfiedLinkError e) {
            String named = System.getenv("MESOS_NATIVE_JAVA_LIBRARY");
            throw new IllegalStateException(
                    "mesos.driver is 'native', and libmesos cannot be loaded: " + e.getMessage()
                            + ". It was looked for "
                            + (named == null
                                    ? "as libmesos.so in java.library.path (" + System.getProperty("java.library.path")
                                            + "), because MESOS_NATIVE_JAVA_LIBRARY is not set"
                                    : "at '" + named + "', which MESOS_NATIVE_JAVA_LIBRARY names")
                            + ". Install the package mesos 1.11 on this machine and set MESOS_NATIVE_JAVA_LIBRARY to its"
                            + " libmesos.so (mostly /usr/lib/libmesos.so), or set mesos.driver to 'http', which needs none",
                    e);
        }
    }

    @Override
    public void start() {
        mesos = library.apply(watched());
        watch.setDaemon(true);
        watch.start();
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(askAgain.toMillis());
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void look() {
        if (closed) {
            return;
        }
        switch (link) {
            case NONE -> {}
            case CONNECTED -> scheduler.connected(mesos);
            case SUBSCRIBED -> {
                if (System.nanoTime() - heardAt > SILENCE.toNanos()) {
                    LOG.warn("nothing was heard from Mesos for {} s; connecting again", SILENCE.toSeconds());
                    heardAt = System.nanoTime();
                    mesos.reconnect();
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        // The library has no end but the process', so it is only not listened to any more.
        closed = true;
        watch.interrupt();
    }

    /** What the library calls, on its own thread. */
    private Scheduler watched() {
        return new Scheduler() {
            @Override
            public void connected(Mesos from) {
                heard(from, Link.CONNECTED, () -> scheduler.connected(from));
            }

            @Override
            public void disconnected(Mesos from) {
                heard(from, Link.NONE, () -> scheduler.disconnected(from));
            }

            @Override
            public void received(Mesos from, Event event) {
                boolean first = event.getType() == Event.Type.SUBSCRIBED;
                heard(from, first ? Link.SUBSCRIBED : link(), () -> scheduler.received(from, event));
            }
        };
    }

    private synchronized Link link() {
        return link;
    }

    private synchronized void heard(Mesos from, Link now, Runnable told) {
        if (!closed) {
            mesos = from;
            link = now;
            heardAt = System.nanoTime();
            told.run();
        }
    }
}
