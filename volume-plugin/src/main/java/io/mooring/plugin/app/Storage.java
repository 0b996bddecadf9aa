package io.mooring.plugin.app;

import io.mooring.common.crashpoint.CrashPoints;
import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.backend.loop.BlockMounts;
import io.mooring.plugin.backend.loop.Deadlines;
import io.mooring.plugin.backend.loop.LoopBackend;
import io.mooring.plugin.backend.platform.Platform;
import io.mooring.plugin.backend.platform.PlatformBackend;
import io.mooring.plugin.backend.vfs.VfsBackend;
import io.mooring.plugin.config.PluginConfig;
import io.mooring.plugin.lane.Lanes;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.process.Commands;
import io.mooring.plugin.process.Programs;
import io.mooring.plugin.service.HeldVolumes;
import io.mooring.plugin.service.Recovery;
import io.mooring.plugin.service.UnendedUses;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** One pool with its driver, which any number of modules serve. Calls for one volume share a lane, whichever module. */
record Storage(PluginConfig config, Pool pool, Backend backend, Lanes lanes, InstantSource clock, UnendedUses unended) {
    private static final Duration LANE_PATIENCE = Duration.ofSeconds(60);
    /** What libstorage.device.attachTimeout is in REX-Ray. */
    private static final Duration ATTACH_PATIENCE = Duration.ofSeconds(30);

    /**
     * Opens it for its first module.
     *
     * @throws VolumeException when the driver is not known or the pool cannot be used
     */
    static Storage open(PluginConfig config, Programs programs, Deadlines deadlines)
            throws VolumeException, IOException {
        Commands commands = commands(programs);
        Optional<Platform> platform = new Platforms(config.platform(), commands).of(config.driver());
        boolean known =
                config.driver().equals(LoopBackend.DRIVER) || config.driver().equals(VfsBackend.DRIVER);
        if (!known && platform.isEmpty()) {
            throw new VolumeException("libstorage.service is '" + config.driver()
                    + "', which is not built in; built in are loop, vfs, virtualbox and scaleio");
        }
        Pool pool = Pool.open(config.pool(), config.driver(), config.host().host());
        Backend backend = platform.isPresent()
                ? new PlatformBackend(
                        platform.get(),
                        pool,
                        new BlockMounts(pool, config.mountPath(), config.volumeRoot(), commands, deadlines),
                        ATTACH_PATIENCE)
                : local(config, pool, commands, deadlines);
        InstantSource clock = InstantSource.system();
        Backend used = CrashPoints.ofThisProcess()
                .map(points -> StoppedBackend.around(points, backend))
                .orElse(backend);
        Lanes lanes = new Lanes(clock, LANE_PATIENCE);
        HeldVolumes held = new HeldVolumes(pool, used, lanes, config.host(), config.mounting(), clock);
        UnendedUses unended = new UnendedUses(
                pool, used, lanes, config.host(), held, config.mounting().unusedAfter(), System::nanoTime);
        return new Storage(config, pool, used, lanes, clock, unended);
    }

    private static Backend local(PluginConfig config, Pool pool, Commands commands, Deadlines deadlines) {
        return config.driver().equals(LoopBackend.DRIVER)
                ? new LoopBackend(pool, config.mountPath(), config.volumeRoot(), commands, deadlines)
                : new VfsBackend(pool, config.volumeRoot());
    }

    private static Commands commands(Programs programs) {
        return CrashPoints.ofThisProcess()
                .map(points -> new Commands(programs, new StoppedCommands(points)))
                .orElseGet(() -> new Commands(programs));
    }

    /** Whether a module means this pool. */
    boolean serves(PluginConfig other) {
        return other.driver().equals(config.driver()) && other.pool().equals(config.pool());
    }

    /**
     * Refuses a module that would mount the pool's volumes elsewhere, or for another host: a volume is mounted once.
     *
     * @throws VolumeException with what differs
     */
    void requireSame(String module, PluginConfig other) throws VolumeException {
        boolean same = other.mountPath().equals(config.mountPath())
                && other.volumeRoot().equals(config.volumeRoot())
                && other.host().equals(config.host());
        if (!same) {
            throw new VolumeException("module " + module + " shares pool " + config.pool()
                    + " with another one, and has another mount.path, mount.rootPath, linux.volume.fileMode or host; give"
                    + " it a pool of its own, or the same");
        }
    }

    HeldVolumes held(PluginConfig module) {
        return new HeldVolumes(pool, backend, lanes, module.host(), module.mounting(), clock);
    }

    /** Makes the host ready and takes stock of what the last process left. */
    void start() throws VolumeException, IOException {
        backend.start();
        try {
            new Recovery(pool, backend, lanes, config.host(), held(config)).run();
        } catch (IOException e) {
            backend.stop();
            throw e;
        }
        unended.begin();
    }

    void stop() throws IOException {
        unended.close();
        backend.stop();
        pool.close();
    }
}
