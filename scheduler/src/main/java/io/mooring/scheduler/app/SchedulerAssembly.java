package io.mooring.scheduler.app;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.lifecycle.Managed;
import io.mooring.scheduler.decision.Survivors.LabelledTask;
import io.mooring.scheduler.detection.Masters;
import io.mooring.scheduler.marathon.ContainerPolicy;
import io.mooring.scheduler.mesos.ExecutorSettings;
import io.mooring.scheduler.mesos.FrameworkSettings;
import io.mooring.scheduler.mesos.FrameworkSettings.Checkpointing;
import io.mooring.scheduler.mesos.FrameworkSettings.Wishes;
import io.mooring.scheduler.mesos.MasterTasks;
import io.mooring.scheduler.rest.EngineAccess;
import io.mooring.scheduler.rest.EventStream;
import io.mooring.scheduler.rest.ExecutorDownload;
import io.mooring.scheduler.rest.Settings;
import io.mooring.scheduler.rest.Surroundings;
import io.mooring.scheduler.zookeeper.Leadership;
import io.mooring.scheduler.zookeeper.Owner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only wiring. The API is served from the start; once it is, the scheduler stands for election, and requests go to
 * whoever leads. A leadership that ends, mostly ends the process: what was in memory is not to be trusted, and a
 * supervisor starts a fresh one ({@link Ending}). A scheduler that does not lead has nothing to lose, and stands again
 * after whatever happened to its session.
 */
final class SchedulerAssembly implements Managed, Surroundings {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerAssembly.class);
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(30);
    private static final Duration LONGEST_END = Duration.ofSeconds(5);
    /** Time for the answer to a request that ends the process. */
    private static final Duration ANSWER_LEAVES = Duration.ofMillis(300);

    private final SchedulerConfiguration configuration;
    private final MesosConnection mesos;
    private final Optional<ExecutorArchive> archive;
    private final InstantSource clock = InstantSource.system();
    private final EngineAccess engine = new EngineAccess(LONGEST_REQUEST);
    private final EventStream events = new EventStream();
    private final Terms terms = new Terms(
            this::candidacy, this::reign, engine, clock, RandomGenerator.getDefault(), SchedulerAssembly::quit);
    private volatile String self = "";
    private volatile int port;
    private volatile boolean tls;

    /** @param archive the executor, if agents fetch it from here */
    SchedulerAssembly(SchedulerConfiguration configuration, MesosConnection mesos, Optional<ExecutorArchive> archive) {
        this.configuration = configuration;
        this.archive = archive;
        this.mesos = mesos;
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
                tls = http.getConnectionFactory(SslConnectionFactory.class) != null;
                String host = http.getHost() == null ? "127.0.0.1" : http.getHost();
                self = configuration.advertise() == null ? host + ":" + port : configuration.advertise();
            }
        }
        // Before it stops anything the server waits for requests in flight, and a listener's never ends by itself.
        Runtime.getRuntime().addShutdownHook(new Thread(events::close, "end-of-events"));
        terms.stand();
    }

    private Leadership candidacy() {
        return new Leadership(
                new Leadership.Settings(
                        configuration.zookeeper().connect(),
                        (int) configuration.zookeeper().sessionTimeout().toMilliseconds(),
                        self,
                        new Owner(
                                configuration.framework().name(),
                                mesos.principal(configuration.framework().principal())),
                        Path.of(configuration.zookeeper().epochFile())),
                clock);
    }

    private Reign reign(Leadership.Term term, Consumer<Ending> over) {
        return new Reign(term, configuration, mesos, framework(), executors(), clock, events, over);
    }

    /**
     * Ends the process: orderly, but not for long, as whoever listens to events or reads slowly must not keep a deposed
     * leader alive.
     */
    private static void quit(Ending end) {
        LOG.error("this scheduler ends: {}", end.why());
        int code = end.next().exitCode();
        Thread exit = new Thread(() -> System.exit(code), "end");
        Thread halt = new Thread(() -> halt(code), "halt");
        halt.setDaemon(true);
        halt.start();
        exit.start();
    }

    private static void halt(int exitCode) {
        pause(LONGEST_END);
        LOG.error("the orderly end takes too long");
        Runtime.getRuntime().halt(exitCode);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private FrameworkSettings framework() {
        SchedulerConfiguration.Framework framework = configuration.framework();
        return new FrameworkSettings(
                framework.name(),
                framework.user(),
                framework.roles(),
                mesos.principal(framework.principal()),
                Duration.ofMillis(framework.failoverTimeout().toMilliseconds()),
                framework.checkpoint() ? Checkpointing.ON : Checkpointing.OFF,
                framework.hostname() == null ? self.replaceAll(":[0-9]+$", "") : framework.hostname(),
                framework.webuiUrl() == null ? "http://" + self + "/" : framework.webuiUrl(),
                framework.labels(),
                framework.capabilities(),
                framework.offerFilters(),
                framework.offerConstraints() ? Wishes.SAID : Wishes.KEPT);
    }

    private String address(ExecutorArchive served) {
        String root = configuration.executor().url() == null
                ? "http://" + self
                : configuration.executor().url().replaceAll("/+$", "");
        return root + ExecutorDownload.FOLDER + served.name();
    }

    private ExecutorSettings executors() {
        SchedulerConfiguration.Executor executor = configuration.executor();
        return new ExecutorSettings(
                archive.isPresent()
                        ? new ExecutorSettings.Start.InSandbox(
                                "exec ./" + ExecutorArchive.ROOT + "/bin/mooring-executor")
                        : new ExecutorSettings.Start.Installed(executor.command()),
                archive.map(this::address).stream().toList(),
                Optional.ofNullable(executor.user()),
                executor.cpus(),
                executor.memMb(),
                Duration.ofMillis(executor.shutdownGrace().toMilliseconds()));
    }

    @Override
    public void start() {}

    @Override
    public void stop() {
        terms.close();
    }

    HealthCheck mesosHealth() {
        return new HealthCheck() {
            @Override
            protected Result check() {
                return terms.reign().isEmpty() || master().isPresent()
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
    public void abdicate() {
        Thread soon = new Thread(
                () -> {
                    pause(ANSWER_LEAVES);
                    terms.end(Ending.again("an operator took its leadership away"));
                },
                "abdication");
        soon.setDaemon(true);
        soon.start();
    }

    @Override
    public Optional<String> leader() {
        return terms.leader();
    }

    @Override
    public Optional<String> master() {
        return terms.reign().flatMap(Reign::master);
    }

    @Override
    public List<LabelledTask> tasksAtTheMaster(String framework) throws IOException {
        String master = master().orElseThrow(() -> new IOException("no master is known"));
        return new MasterTasks(mesos.access()).of(framework, mesos.root(master));
    }

    @Override
    public ContainerPolicy containerPolicy() {
        return configuration.docker().policy();
    }

    @Override
    public boolean zooKeeperConnected() {
        return terms.connected();
    }

    @Override
    public Settings settings() {
        FrameworkSettings framework = framework();
        return new Settings(
                Masters.withoutPassword(String.join(",", configuration.mesos().masters())),
                master().map(address -> mesos.root(address) + "/"),
                Optional.ofNullable(configuration.executor().command()).filter(command -> archive.isEmpty()),
                new Settings.Registered(
                        framework.name(),
                        framework.user(),
                        framework.roles(),
                        framework.failoverTimeout(),
                        framework.checkpointing() == Checkpointing.ON
                                ? Settings.Tasks.CHECKPOINTED
                                : Settings.Tasks.LOST,
                        framework.hostname(),
                        framework.webUiUrl()),
                configuration.zookeeper().connect(),
                Duration.ofMillis(configuration.zookeeper().sessionTimeout().toMilliseconds()),
                Optional.of(port).filter(open -> open > 0 && !tls),
                Optional.of(port).filter(open -> open > 0 && tls));
    }
}
