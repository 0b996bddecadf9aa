package io.mooring.executor.app;

import io.mooring.common.crashpoint.CrashPoints;
import io.mooring.executor.claims.ClaimLink;
import io.mooring.executor.docker.ContainerWorkload;
import io.mooring.executor.docker.Containers;
import io.mooring.executor.engine.Engine;
import io.mooring.executor.engine.Event;
import io.mooring.executor.engine.Ports;
import io.mooring.executor.engine.Timings;
import io.mooring.executor.journal.Journal;
import io.mooring.executor.mesos.AgentEnvironment;
import io.mooring.executor.mesos.AgentLink;
import io.mooring.executor.mounttable.Kernel;
import io.mooring.executor.mounttable.MountInspection;
import io.mooring.executor.mounttable.ServerMounts;
import io.mooring.executor.plugin.PluginDirectories;
import io.mooring.executor.plugin.PluginSurvey;
import io.mooring.executor.plugin.Plugins;
import io.mooring.executor.plugin.RexRaySettings;
import io.mooring.executor.process.NamespacedWorkload;
import io.mooring.executor.process.Privilege;
import io.mooring.executor.process.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** The only place where the executor's parts are put together. */
final class ExecutorAssembly {
    private final AgentEnvironment environment;
    private final Timings timings;
    private final ClaimLink.Source claims;

    /** @param claims how Mooring is reached, for a task of another framework */
    ExecutorAssembly(AgentEnvironment environment, Timings timings, ClaimLink.Source claims) {
        this.environment = environment;
        this.timings = timings;
        this.claims = claims;
    }

    /**
     * Runs the executor to its end. The subscription goes out first, because it has a deadline: what is slower to load
     * is loaded while the agent answers.
     *
     * @param configuration where it is found
     */
    void run(ConfigurationSource configuration) throws ConfigurationException, IOException, InterruptedException {
        BlockingQueue<Event> early = new LinkedBlockingQueue<>();
        Inbox inbox = new Inbox(early);
        Optional<StoppedPorts> stopped =
                CrashPoints.ofThisProcess().map(points -> new StoppedPorts(points, environment.executor()));
        stopped.ifPresent(StoppedPorts::started);
        Consumer<Event> events = stopped.map(ports -> ports.around(inbox)).orElse(inbox);
        ExecutorService workers = Executors.newCachedThreadPool(work -> daemon(work, "worker"));
        try (ClockTimers timers = new ClockTimers(inbox);
                AgentLink agent = new AgentLink(environment, events, Clock.systemUTC())) {
            agent.open();
            AgentConfiguration settings = configuration.read();
            PluginDirectories directories =
                    new PluginDirectories(settings.pluginSocketDirs(), settings.pluginSpecDirs());
            try (Plugins plugins = new Plugins(directories, settings.pluginLimits());
                    Plugins atOnce =
                            new Plugins(directories, settings.pluginLimits().waiting(Duration.ZERO));
                    ClaimLink link =
                            new ClaimLink(agent, inbox, claims, settings.machine(), settings.journalDir(), ownUid())) {
                Kernel kernel = new Kernel();
                ServerMounts view = new ServerMounts(kernel);
                Containers containers = new Containers(
                        settings.dockerSocket(), view, settings.journalDir().resolve("containers"));
                containers.sweep(workers);
                Privilege privilege = privilege();
                Ports ports = new Ports(
                        link,
                        plugins,
                        new MountInspection(kernel),
                        containers,
                        new Journal(settings.journalDir()),
                        new ChosenWorkload(
                                () -> new NamespacedWorkload(privilege, environment.sandbox(), new ProcessTable()),
                                () -> new ContainerWorkload(containers, view, environment.sandbox())),
                        new PluginSurvey(atOnce, new RexRaySettings(settings.rexrayConfigFiles(), view::startedWith)),
                        timers,
                        Clock.systemUTC(),
                        workers,
                        link);
                Engine engine = new Engine(
                        stopped.map(around -> around.around(ports)).orElse(ports), settings.machine(), timings);
                inbox.flowInto(engine::post);
                engine.work();
            }
        } finally {
            workers.shutdownNow();
        }
    }

    private static Privilege privilege() throws IOException {
        return ownUid() == 0 ? Privilege.ROOT : Privilege.USER_NAMESPACE;
    }

    private static int ownUid() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Where the agent configuration comes from. */
    interface ConfigurationSource {
        AgentConfiguration read() throws ConfigurationException;
    }
}
