package io.mooring.scheduler.app;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.lifecycle.Managed;
import io.mooring.scheduler.mesos.FrameworkSettings;
import io.mooring.scheduler.rest.EngineAccess;
import io.mooring.scheduler.rest.EventStream;
import io.mooring.scheduler.rest.Surroundings;
import io.mooring.scheduler.zookeeper.Leadership;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only wiring. The API is served from the start; once it is, the scheduler stands for election, and while it leads
 * there is a {@link Reign}. A leadership that ends, ends the process: what was in memory is not to be trusted, and a
 * supervisor starts a fresh one.
 */
final class SchedulerAssembly implements Managed, Surroundings, Leadership.Candidate {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerAssembly.class);
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(30);

    private final SchedulerConfiguration configuration;
    private final InstantSource clock = InstantSource.system();
    private final EngineAccess engine = new EngineAccess(LONGEST_REQUEST);
    private final EventStream events = new EventStream();
    private volatile Leadership leadership;
    private volatile Reign reign;
    private volatile String self = "";
    private volatile int port;
    private volatile boolean stopping;

    SchedulerAssembly(SchedulerConfiguration configuration) {
        this.configuration = configuration;
    }

    EngineAccess engine() {
        return engine;
    }

    EventStream events() {
        return events;
    }

    /** The API is served: its address is known, so the election can begin. */
    void serving(Server server) {
        for (var connector : server.getConnectors()) {
            if (connector instanceof ServerConnector http && !"admin".equals(http.getName())) {
                port = http.getLocalPort();
                String host = http.getHost() == null ? "127.0.0.1" : http.getHost();
                self = configuration.advertise() == null ? host + ":" + port : configuration.advertise();
            }
        }
        // Before it stops anything the server waits for requests in flight, and a listener's never ends by itself.
        Runtime.getRuntime().addShutdownHook(new Thread(events::close, "end-of-events"));
        Leadership candidacy = new Leadership(
                configuration.zookeeper().connect(),
                (int) configuration.zookeeper().sessionTimeout().toMilliseconds(),
                self,
                clock);
        leadership = candidacy;
        try {
            candidacy.stand(this);
        } catch (Exception e) { // Curator declares no narrower one
            quit("cannot stand for election: " + e);
        }
    }

    @Override
    public void elected() {
        new Thread(this::begin, "term").start();
    }

    @Override
    public void lost() {
        if (!stopping) {
            quit("another scheduler leads, or ZooKeeper is lost");
        }
    }

    private void begin() {
        try {
            Leadership.Term term = leadership.begin();
            LOG.info("leading with epoch {}", term.epoch());
            Reign begun = new Reign(term, configuration, framework(), clock, events, this::quit);
            reign = begun;
            begun.start();
            engine.open(begun.engine());
        } catch (Exception e) { // whatever it is, another process has to try
            LOG.atError().setCause(e).log("the term could not begin");
            quit("the term could not begin: " + e);
        }
    }

    private void quit(String why) {
        if (stopping) {
            return;
        }
        LOG.error("this scheduler ends: {}", why);
        engine.shut();
        // Not exit: no shutdown work may touch Mesos or the store any more.
        Runtime.getRuntime().halt(1);
    }

    private FrameworkSettings framework() {
        SchedulerConfiguration.Framework framework = configuration.framework();
        SchedulerConfiguration.Executor executor = configuration.executor();
        return new FrameworkSettings(
                framework.name(),
                framework.user(),
                framework.roles(),
                Optional.ofNullable(framework.principal()),
                Duration.ofMillis(framework.failoverTimeout().toMilliseconds()),
                self.replaceAll(":[0-9]+$", ""),
                "http://" + self + "/",
                executor.command(),
                Optional.ofNullable(executor.user()),
                executor.cpus(),
                executor.memMb(),
                Duration.ofMillis(executor.shutdownGrace().toMilliseconds()));
    }

    @Override
    public void start() {}

    @Override
    public void stop() {
        stopping = true;
        engine.shut();
        if (reign != null) {
            reign.close();
        }
        if (leadership != null) {
            leadership.close();
        }
    }

    HealthCheck mesosHealth() {
        return new HealthCheck() {
            @Override
            protected Result check() {
                return reign == null || reign.master().isPresent()
                        ? Result.healthy()
                        : Result.unhealthy("leading, and not subscribed at Mesos");
            }
        };
    }

    HealthCheck zooKeeperHealth() {
        return new HealthCheck() {
            @Override
            protected Result check() {
                return zooKeeperConnected() ? Result.healthy() : Result.unhealthy("not connected to ZooKeeper");
            }
        };
    }

    @Override
    public String version() {
        String version = SchedulerAssembly.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String self() {
        return self;
    }

    @Override
    public Optional<String> leader() {
        return leadership == null ? Optional.empty() : leadership.leader();
    }

    @Override
    public Optional<String> master() {
        return reign == null ? Optional.empty() : reign.master();
    }

    @Override
    public boolean zooKeeperConnected() {
        return leadership != null && leadership.connected();
    }

    @Override
    public int httpPort() {
        return port;
    }
}
