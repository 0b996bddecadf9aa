package io.mooring.plugin.app;

import io.mooring.common.crashpoint.CrashPoints;
import io.mooring.plugin.admin.AdminCalls;
import io.mooring.plugin.admin.OwnershipCalls;
import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.backend.loop.Deadlines;
import io.mooring.plugin.backend.loop.LoopBackend;
import io.mooring.plugin.backend.vfs.VfsBackend;
import io.mooring.plugin.config.ConfigNote;
import io.mooring.plugin.config.PluginConfig;
import io.mooring.plugin.docker.Call;
import io.mooring.plugin.docker.Dispatcher;
import io.mooring.plugin.docker.PluginServer;
import io.mooring.plugin.docker.VolumeDriver;
import io.mooring.plugin.lane.Lanes;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.process.Commands;
import io.mooring.plugin.process.Programs;
import io.mooring.plugin.service.Catalog;
import io.mooring.plugin.service.Fencing;
import io.mooring.plugin.service.HeldVolumes;
import io.mooring.plugin.service.Recovery;
import io.mooring.plugin.service.VolumeViews;
import io.mooring.plugin.volume.Preempt;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds a plugin from its configuration: the only place that knows all its parts. */
public final class PluginAssembly implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginAssembly.class);
    private static final Duration LANE_PATIENCE = Duration.ofSeconds(60);

    private final Pool pool;
    private final Backend backend;
    private final Recovery recovery;
    private final PluginServer server;

    private PluginAssembly(Pool pool, Backend backend, Recovery recovery, PluginServer server) {
        this.pool = pool;
        this.backend = backend;
        this.recovery = recovery;
        this.server = server;
    }

    /**
     * Builds everything and starts nothing.
     *
     * @param config what the plugin is told
     * @param pluginDirectory where the socket is made
     * @param programs where external programs are
     * @param deadlines how long those may take
     * @throws VolumeException when the driver is not known or the pool cannot be used
     */
    public static PluginAssembly build(
            PluginConfig config, Path pluginDirectory, Programs programs, Deadlines deadlines)
            throws VolumeException, IOException {
        warn(config);
        Pool pool = openPool(config);
        Backend backend = backend(config, pool, commands(programs), deadlines);
        InstantSource clock = InstantSource.system();
        Lanes lanes = new Lanes(clock, LANE_PATIENCE);
        HeldVolumes held = new HeldVolumes(pool, backend, lanes, config.host(), config.mounting(), clock);
        Catalog catalog = new Catalog(pool, backend, lanes, config.catalog(), clock);
        VolumeViews views = new VolumeViews(pool, backend, config.host());
        Map<String, Call> calls = new TreeMap<>(new VolumeDriver(config.driver(), catalog, held, views).calls());
        calls.putAll(new AdminCalls(version(), backend, config.host(), views, lanes, config.volumeRoot()).calls());
        Fencing fencing = new Fencing(pool, backend, lanes, config.host(), clock);
        calls.putAll(new OwnershipCalls(fencing, held).calls());
        return new PluginAssembly(
                pool,
                backend,
                new Recovery(pool, backend, lanes, config.host(), held),
                new PluginServer(pluginDirectory.resolve(config.driver() + ".sock"), new Dispatcher(calls)));
    }

    private static void warn(PluginConfig config) {
        for (ConfigNote note : config.notes()) {
            LOG.atWarn().addKeyValue("key", note.key()).log("Configuration: {} {}", note.key(), note.text());
        }
        if (config.mounting().preempt() == Preempt.ON) {
            LOG.atWarn()
                    .log(
                            "mount.preempt is on: it never takes a volume from a claim, and driver {} cannot cut another"
                                    + " host off, so a volume that another host has is refused as without it",
                            config.driver());
        }
    }

    private static Pool openPool(PluginConfig config) throws VolumeException, IOException {
        return switch (config.driver()) {
            case LoopBackend.DRIVER, VfsBackend.DRIVER ->
                Pool.open(config.pool(), config.driver(), config.host().host());
            default ->
                throw new VolumeException("libstorage.service is '" + config.driver()
                        + "', which is not built in; built in are loop and vfs");
        };
    }

    private static Backend backend(PluginConfig config, Pool pool, Commands commands, Deadlines deadlines) {
        return config.driver().equals(LoopBackend.DRIVER)
                ? new LoopBackend(pool, config.mountPath(), config.volumeRoot(), commands, deadlines)
                : new VfsBackend(pool, config.volumeRoot());
    }

    private static Commands commands(Programs programs) {
        return CrashPoints.ofThisProcess()
                .map(points -> new Commands(programs, new StoppedCommands(points)))
                .orElseGet(() -> new Commands(programs));
    }

    private static String version() {
        String version = PluginAssembly.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /**
     * Makes the host ready, recovers what the last process left, and serves.
     *
     * @throws VolumeException when this host cannot serve the driver, or another process serves the socket
     */
    public void start() throws VolumeException, IOException {
        server.clearSocket();
        backend.start();
        try {
            recovery.run();
            server.start();
        } catch (VolumeException | IOException e) {
            backend.stop();
            throw e;
        }
    }

    /** Ends calls in flight and takes back what belongs to the process; volumes stay mounted. */
    @Override
    public void close() throws IOException {
        server.stop();
        backend.stop();
        pool.close();
    }
}
