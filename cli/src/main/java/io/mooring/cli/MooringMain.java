package io.mooring.cli;

import io.mooring.cli.api.ApiException;
import io.mooring.cli.command.AgentCommands;
import io.mooring.cli.command.ApiCommand;
import io.mooring.cli.command.AppCommands;
import io.mooring.cli.command.ClaimCommands;
import io.mooring.cli.command.DemoCommand;
import io.mooring.cli.command.DvdcliCommand;
import io.mooring.cli.command.HoldCommands;
import io.mooring.cli.command.LocalCommand;
import io.mooring.cli.command.LocalMesosCommand;
import io.mooring.cli.command.PluginCommand;
import io.mooring.cli.command.RebuildCommand;
import io.mooring.cli.command.SchedulerCommand;
import io.mooring.cli.command.SimulateCommand;
import io.mooring.cli.command.StatusCommand;
import io.mooring.cli.command.Trouble;
import io.mooring.cli.command.VolumeCommands;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * The mooring command. Data go to standard output, messages to standard error; 0 is success, 1 refused or failed, 2 wrong
 * usage, 3 no leader or nobody there.
 */
@Command(
        name = "mooring",
        description = "Makes storage a scheduled resource on Apache Mesos.",
        subcommands = {
            DemoCommand.class,
            LocalCommand.class,
            AppCommands.class,
            VolumeCommands.class,
            ClaimCommands.class,
            AgentCommands.class,
            StatusCommand.class,
            HoldCommands.Brake.class,
            HoldCommands.SafeMode.class,
            RebuildCommand.class,
            SchedulerCommand.class,
            PluginCommand.class,
            DvdcliCommand.class,
            SimulateCommand.class,
            LocalMesosCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        versionProvider = MooringMain.Version.class)
public final class MooringMain implements Runnable {
    private static final int USAGE = 2;

    /** Read by the commands, which find it by its name. */
    @CommandLine.Mixin
    @SuppressWarnings("UnusedVariable")
    private ApiCommand scheduler;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Runs one command; the exit code is the process's. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        CommandLine line = new CommandLine(new MooringMain());
        PluginCommand.refuseStrangeOptions(line.getSubcommands().get("plugin"));
        line.setExecutionExceptionHandler((problem, command, parsed) -> failed(problem, command));
        return line.execute(arguments);
    }

    /** The version that the jars were built as. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = MooringMain.class.getPackage().getImplementationVersion();
            return new String[] {"mooring " + (version == null ? "development" : version)};
        }
    }

    /** Without a command: how it is used. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int failed(Exception problem, CommandLine command) {
        PrintWriter messages = command.getErr();
        if (problem instanceof ApiException api) {
            messages.println(api.getMessage());
            return api.exitCode();
        }
        if (problem instanceof IllegalArgumentException wrong) {
            messages.println(wrong.getMessage());
            return USAGE;
        }
        messages.println(Trouble.words(problem));
        return 1;
    }
}
