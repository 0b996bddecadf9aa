package io.mooring.plugin.app;

import io.mooring.plugin.backend.loop.Deadlines;
import io.mooring.plugin.config.ConfigException;
import io.mooring.plugin.process.Programs;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The volume plugin as a process. Exit codes: 0 after SIGTERM, 1 when it cannot serve, 2 on bad usage. */
public final class PluginMain {
    private static final Logger LOG = LoggerFactory.getLogger(PluginMain.class);
    /** How Java starts programs: this way takes an eighth of the usual one's time, and a mount starts several. */
    private static final String LAUNCH = "jdk.lang.Process.launchMechanism";

    private PluginMain() {}

    /** Takes the arguments of {@link PluginOptions}. */
    public static void main(String[] arguments) {
        PluginOptions options;
        try {
            options = PluginOptions.parse(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        try {
            serve(options);
        } catch (ConfigException | VolumeException | IOException e) {
            LOG.atDebug().setCause(e).log("Cannot serve");
            System.err.println("volume plugin: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void serve(PluginOptions options) throws ConfigException, VolumeException, IOException {
        System.setProperty(LAUNCH, System.getProperty(LAUNCH, "VFORK"));
        PluginAssembly plugin =
                PluginAssembly.build(options.modules(System.getenv()), Programs.ofTheSystem(), Deadlines.usual());
        plugin.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(plugin), "stop"));
    }

    /** A signal that we were asked to obey is not a failure, so the exit code is 0 and not the signal's. */
    private static void stop(PluginAssembly plugin) {
        try {
            plugin.close();
            Runtime.getRuntime().halt(0);
        } catch (IOException e) {
            LOG.atError().setCause(e).log("Stopped with an error");
            Runtime.getRuntime().halt(1);
        }
    }
}
