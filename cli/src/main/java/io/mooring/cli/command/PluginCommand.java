package io.mooring.cli.command;

import io.mooring.cli.table.Table;
import io.mooring.plugin.app.PluginMain;
import io.mooring.plugin.app.PluginOptions;
import io.mooring.plugin.config.ConfigException;
import io.mooring.plugin.config.Lint;
import io.mooring.plugin.config.Sources;
import io.mooring.plugin.daemon.PluginDaemon;
import io.mooring.plugin.daemon.PluginDaemon.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code mooring plugin}: the volume plugin in the foreground, as a service, and its configuration explained. */
@Command(
        name = "plugin",
        subcommands = PluginCommand.Start.class,
        description = {
            "Run the volume plugin in the foreground.",
            "Any setting may be given as an option, such as --libstorageService loop."
        })
public final class PluginCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "its config.yml; by default REX-Ray's usual files")
    private Path config;

    @Option(
            names = "--plugin-dir",
            paramLabel = "DIR",
            description = "where its sockets are made (default: /run/docker/plugins)")
    private Path pluginDirectory;

    @Unmatched
    private List<String> settings = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        PluginMain.main(arguments(config, pluginDirectory, settings).toArray(String[]::new));
        Thread.currentThread().join();
        return 0;
    }

    /** Refuses what is no option of a command that runs no plugin: only there may an option be any setting. */
    public static void refuseStrangeOptions(CommandLine plugin) {
        for (String name : List.of("stop", "status", "lint")) {
            plugin.getSubcommands().get(name).setUnmatchedArgumentsAllowed(false);
        }
    }

    private static List<String> arguments(Path config, Path pluginDirectory, List<String> settings) {
        List<String> arguments = new ArrayList<>();
        if (config != null) {
            arguments.addAll(List.of("--config", config.toString()));
        }
        if (pluginDirectory != null) {
            arguments.addAll(List.of("--plugin-dir", pluginDirectory.toString()));
        }
        arguments.addAll(settings);
        return arguments;
    }

    /** Where the service keeps its files. */
    static final class Places {
        @Option(
                names = "--run-dir",
                paramLabel = "DIR",
                defaultValue = "/run/mooring",
                description = "where it stands which process runs (default: ${DEFAULT-VALUE})")
        private Path run;

        @Option(
                names = "--log",
                paramLabel = "FILE",
                defaultValue = "/var/log/mooring/plugin.log",
                description = "what it says (default: ${DEFAULT-VALUE})")
        private Path log;

        PluginDaemon daemon() {
            return new PluginDaemon(run.toAbsolutePath(), log.toAbsolutePath());
        }
    }

    /** {@code mooring plugin start}: what it says and its exit code are those that people know from REX-Ray. */
    @Command(name = "start", description = "Start the volume plugin as a service, in the background.")
    static final class Start implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private Places places;

        @Option(names = "--config", paramLabel = "FILE", description = "its config.yml")
        private Path config;

        @Option(names = "--plugin-dir", paramLabel = "DIR", description = "where its sockets are made")
        private Path pluginDirectory;

        @Unmatched
        private List<String> settings = new ArrayList<>();

        @Override
        public Integer call() throws IOException, InterruptedException {
            PrintWriter out = spec.commandLine().getOut();
            out.print("Starting the Mooring volume plugin...");
            out.flush();
            Result result = result();
            if (result instanceof Result.Started started) {
                out.println("SUCCESS!");
                out.println();
                out.println("  The volume plugin is now running at PID " + started.pid() + ". To");
                out.println("  shut it down execute the following command:");
                out.println();
                out.println("    mooring plugin stop" + elsewhere());
                out.println();
                started.endpoints().forEach(endpoint -> out.println("  serving " + endpoint));
                out.flush();
                return 0;
            }
            out.println("FAILURE!");
            out.flush();
            return told(
                    spec,
                    result instanceof Result.Already already
                            ? "the volume plugin runs already, at PID " + already.pid()
                            : ((Result.Failed) result).why());
        }

        private Result result() throws IOException, InterruptedException {
            try {
                return places.daemon().start(arguments(config, pluginDirectory, settings));
            } catch (ConfigException e) {
                return new Result.Failed(e.getMessage());
            }
        }

        private String elsewhere() {
            return places.run.equals(Path.of("/run/mooring")) ? "" : " --run-dir " + places.run;
        }
    }

    @Command(name = "stop", description = "End the service; volumes stay mounted.")
    int stop(@Mixin Places places) throws IOException, InterruptedException {
        Result result = places.daemon().stop();
        if (result instanceof Result.Stopped stopped) {
            spec.commandLine().getOut().println("The volume plugin at PID " + stopped.pid() + " has ended.");
            spec.commandLine().getOut().flush();
            return 0;
        }
        return told(
                spec,
                result instanceof Result.Failed failed
                        ? failed.why()
                        : "no volume plugin runs as a service here (mooring plugin start)");
    }

    @Command(name = "status", description = "Say whether the service runs.")
    int status(@Mixin Places places) throws IOException {
        Optional<ProcessHandle> running = places.daemon().running();
        if (running.isEmpty()) {
            return told(spec, "the volume plugin does not run as a service here");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("The volume plugin runs at PID " + running.get().pid()
                + running.get().info().startInstant().map(at -> ", since " + at).orElse("") + ".");
        out.flush();
        return 0;
    }

    private static int told(CommandSpec spec, String message) {
        spec.commandLine().getErr().println(message);
        spec.commandLine().getErr().flush();
        return 1;
    }

    @Command(name = "lint", description = "Explain every key of a configuration; 1 if one means nothing or is wrong.")
    int lint(
            @Parameters(paramLabel = "FILE") Path file,
            @Option(names = "--plugin-dir", paramLabel = "DIR", description = "where its sockets would be made")
                    Path sockets)
            throws ConfigException {
        List<Lint.Line> lines = Lint.of(
                Sources.of(List.of(file), System.getenv(), Map.of()),
                sockets == null ? PluginOptions.USUAL_DIRECTORY : sockets.toAbsolutePath());
        Table table = new Table("WHAT", "KEY", "VALUE", "REMARK");
        lines.forEach(line ->
                table.row(line.kind().name().toLowerCase(Locale.ROOT), line.key(), line.value(), line.remark()));
        table.print(spec.commandLine().getOut());
        return lines.stream().anyMatch(line -> line.kind().bad()) ? 1 : 0;
    }
}
