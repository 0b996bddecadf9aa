package io.mooring.executor.app;

import io.mooring.executor.claims.ClaimService;
import io.mooring.executor.claims.ClaimSettings;
import io.mooring.executor.dvdcli.ClaimedMounts;
import io.mooring.executor.dvdcli.Dvdcli;
import io.mooring.executor.journal.Journal;
import io.mooring.executor.mounttable.Kernel;
import io.mooring.executor.mounttable.MountInspection;
import io.mooring.executor.plugin.PluginDirectories;
import io.mooring.executor.plugin.Plugins;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code dvdcli} as a process. Plugins are looked for where Docker does, or where the agent's configuration says. */
public final class DvdcliMain {
    private DvdcliMain() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /** Runs a command line and gives the exit code, 0 or 1. */
    public static int run(List<String> arguments, PrintStream out, PrintStream log) {
        try {
            Map<String, String> variables = System.getenv();
            AgentConfiguration agent = AgentConfiguration.find(variables);
            Optional<ClaimSettings> claims = claims(variables);
            PluginDirectories directories = new PluginDirectories(agent.pluginSocketDirs(), agent.pluginSpecDirs());
            try (Plugins plugins = new Plugins(directories, agent.pluginLimits())) {
                return claims.isEmpty()
                        ? new Dvdcli(plugins, out, log, InstantSource.system()).run(arguments)
                        : claiming(claims.get(), agent, plugins, out, log, arguments);
            }
        } catch (ConfigurationException | IOException e) {
            log.println("dvdcli: " + e.getMessage());
            return Dvdcli.FAILED;
        }
    }

    private static int claiming(
            ClaimSettings settings,
            AgentConfiguration agent,
            Plugins plugins,
            PrintStream out,
            PrintStream log,
            List<String> arguments)
            throws IOException {
        try (ClaimService service = new ClaimService(settings)) {
            ClaimedMounts mounts =
                    new ClaimedMounts(service, new Journal(agent.journalDir()), agent.machine(), agent.journalDir());
            return new Dvdcli(
                            plugins,
                            out,
                            log,
                            InstantSource.system(),
                            Optional.of(mounts),
                            new MountInspection(new Kernel()))
                    .run(arguments);
        }
    }

    /** Without a word of where Mooring is, volumes are mounted without a claim, as dvdcli does. */
    private static Optional<ClaimSettings> claims(Map<String, String> variables) throws ConfigurationException {
        Optional<Path> file = ExecutorConfiguration.find(variables);
        return file.isPresent() ? ExecutorConfiguration.read(file.get()).claims() : Optional.empty();
    }
}
