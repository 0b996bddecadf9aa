package io.mooring.executor.app;

import io.mooring.executor.dvdcli.Dvdcli;
import io.mooring.executor.plugin.PluginDirectories;
import io.mooring.executor.plugin.Plugins;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** {@code dvdcli} as a process. Plugins are looked for where Docker does, or where the agent's configuration says. */
public final class DvdcliMain {
    private DvdcliMain() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /** Runs a command line and gives the exit code, 0 or 1. */
    public static int run(List<String> arguments, PrintStream out, PrintStream log) {
        AgentConfiguration agent;
        try {
            agent = AgentConfiguration.read(Optional.ofNullable(System.getenv(AgentConfiguration.VARIABLE))
                    .map(Path::of));
        } catch (ConfigurationException e) {
            log.println("dvdcli: " + e.getMessage());
            return Dvdcli.FAILED;
        }
        PluginDirectories directories = new PluginDirectories(agent.pluginSocketDirs(), agent.pluginSpecDirs());
        try (Plugins plugins = new Plugins(directories, agent.pluginLimits())) {
            return new Dvdcli(plugins, out, log, InstantSource.system()).run(arguments);
        }
    }
}
