package io.mooring.plugin.app;

import io.mooring.plugin.admin.AdminCalls;
import io.mooring.plugin.admin.OwnershipCalls;
import io.mooring.plugin.admin.SnapshotCalls;
import io.mooring.plugin.admin.WipeCalls;
import io.mooring.plugin.backend.loop.Deadlines;
import io.mooring.plugin.config.ConfigNote;
import io.mooring.plugin.config.ModuleConfig;
import io.mooring.plugin.config.PluginConfig;
import io.mooring.plugin.docker.Call;
import io.mooring.plugin.docker.Dispatcher;
import io.mooring.plugin.docker.PluginServer;
import io.mooring.plugin.docker.VolumeDriver;
import io.mooring.plugin.process.Programs;
import io.mooring.plugin.service.Catalog;
import io.mooring.plugin.service.Copies;
import io.mooring.plugin.service.Fencing;
import io.mooring.plugin.service.HeldVolumes;
import io.mooring.plugin.service.VolumeViews;
import io.mooring.plugin.service.Wiping;
import io.mooring.plugin.volume.Preempt;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds a plugin from its configuration: the only place that knows all its parts. */
public final class PluginAssembly implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginAssembly.class);

    private final List<Storage> storages;
    private final List<PluginServer> servers;

    private PluginAssembly(List<Storage> storages, List<PluginServer> servers) {
        this.storages = List.copyOf(storages);
        this.servers = List.copyOf(servers);
    }

    /**
     * Builds everything and starts nothing.
     *
     * @param modules what is served, and where; at least one
     * @param programs where external programs are
     * @param deadlines how long those may take
     * @throws VolumeException when a driver is not known or a pool cannot be used
     */
    public static PluginAssembly build(List<ModuleConfig> modules, Programs programs, Deadlines deadlines)
            throws VolumeException, IOException {
        warn(modules);
        List<Storage> storages = new ArrayList<>();
        List<PluginServer> servers = new ArrayList<>();
        try {
            for (ModuleConfig module : modules) {
                Storage storage = storage(module, storages, programs, deadlines);
                servers.add(new PluginServer(
                        module.endpoint(), new Dispatcher(calls(module.service(), module.plugin(), storage))));
            }
        } catch (VolumeException | IOException e) {
            for (Storage storage : storages) {
                storage.pool().close();
            }
            throw e;
        }
        return new PluginAssembly(storages, servers);
    }

    private static Storage storage(ModuleConfig module, List<Storage> storages, Programs programs, Deadlines deadlines)
            throws VolumeException, IOException {
        for (Storage open : storages) {
            if (open.serves(module.plugin())) {
                open.requireSame(module.name(), module.plugin());
                return open;
            }
        }
        Storage opened = Storage.open(module.plugin(), programs, deadlines);
        storages.add(opened);
        return opened;
    }

    private static Map<String, Call> calls(String service, PluginConfig config, Storage storage) {
        HeldVolumes held = storage.held(config);
        Copies copies = new Copies(storage.pool(), storage.backend(), storage.lanes(), config.host(), storage.clock());
        Catalog catalog = new Catalog(
                storage.pool(), storage.backend(), storage.lanes(), config.catalog(), copies, storage.clock());
        VolumeViews views = new VolumeViews(storage.pool(), storage.backend(), config.host());
        Map<String, Call> calls = new TreeMap<>(new VolumeDriver(service, catalog, held, views).calls());
        calls.putAll(
                new AdminCalls(version(), storage.backend(), config.host(), views, storage.lanes(), config.volumeRoot())
                        .calls());
        Fencing fencing =
                new Fencing(storage.pool(), storage.backend(), storage.lanes(), config.host(), storage.clock());
        calls.putAll(new OwnershipCalls(fencing, held).calls());
        calls.putAll(new SnapshotCalls(copies, catalog).calls());
        calls.putAll(
                new WipeCalls(new Wiping(storage.pool(), storage.backend(), storage.lanes(), storage.clock())).calls());
        return calls;
    }

    private static void warn(List<ModuleConfig> modules) {
        for (ConfigNote note : modules.get(0).plugin().notes()) {
            LOG.atWarn().addKeyValue("key", note.key()).log("Configuration: {} {}", note.key(), note.text());
        }
        for (ModuleConfig module : modules) {
            if (module.plugin().mounting().preempt() == Preempt.ON) {
                LOG.atWarn()
                        .log("mount.preempt is on: a Docker caller takes a volume from a Docker caller of another host,"
                                + " who is cut off and gets errors from then on; it never takes one from a"
                                + " claim");
            }
        }
    }

    private static String version() {
        String version = PluginAssembly.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /**
     * Makes the host ready, recovers what the last process left, and serves.
     *
     * @throws VolumeException when this host cannot serve a driver, or another process serves an endpoint
     */
    public void start() throws VolumeException, IOException {
        for (PluginServer server : servers) {
            server.clearSocket();
        }
        List<Storage> ready = new ArrayList<>();
        try {
            for (Storage storage : storages) {
                storage.start();
                ready.add(storage);
            }
            for (PluginServer server : servers) {
                server.start();
            }
        } catch (VolumeException | IOException e) {
            servers.forEach(PluginServer::stop);
            ready.forEach(storage -> storage.backend().stop());
            throw e;
        }
    }

    /** Ends calls in flight and takes back what belongs to the process; volumes stay mounted. */
    @Override
    public void close() throws IOException {
        servers.forEach(PluginServer::stop);
        for (Storage storage : storages) {
            storage.stop();
        }
    }
}
