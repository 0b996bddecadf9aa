package io.mooring.cli.command;

import io.mooring.local.process.LocalCluster;
import io.mooring.local.process.LocalSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mooring local}: a whole cluster on this machine, in the foreground. */
@Command(
        name = "local",
        description = "Run a whole cluster on this machine: ZooKeeper, Mesos, plugins, scheduler.",
        subcommands = LocalFaultCommand.class)
public final class LocalCommand implements Callable<Integer> {
    @Option(names = "--dir", paramLabel = "D", description = "where its state lives (default: ~/.mooring/local)")
    private Path directory = Installation.home().resolve("local");

    @Option(names = "--agents", paramLabel = "N", description = "how many agents (default: ${DEFAULT-VALUE})")
    private int agents = 3;

    @Option(names = "--port", paramLabel = "P", description = "the scheduler's API (default: ${DEFAULT-VALUE})")
    private int port = 8080;

    @Option(
            names = "--master-port",
            paramLabel = "M",
            description = "the Mesos master; agents follow (default: ${DEFAULT-VALUE})")
    private int masterPort = 5050;

    @Option(names = "--zk-port", paramLabel = "Z", description = "ZooKeeper (default: ${DEFAULT-VALUE})")
    private int zooKeeperPort = 2181;

    @Option(names = "--no-restart", description = "do not start a process again that ended by itself")
    private boolean noRestart;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter messages = spec.commandLine().getErr();
        LocalSettings settings = new LocalSettings(
                directory.toAbsolutePath().normalize(),
                agents,
                checked("--port", port),
                checked("--master-port", masterPort),
                checked("--zk-port", zooKeeperPort),
                masterPort + 1,
                LocalSettings.FIRST_TASK_PORT,
                Installation.driver(),
                noRestart ? LocalSettings.Restart.NEVER : LocalSettings.Restart.AFTER_A_SECOND,
                Installation.selfCommand(),
                Installation.executor());
        say(messages, "starting a cluster in " + settings.directory() + " ...");
        return Shutdown.guarding(shutdown -> run(settings, shutdown, out, messages), messages);
    }

    private static int run(LocalSettings settings, Shutdown shutdown, PrintWriter out, PrintWriter messages)
            throws IOException {
        try (LocalCluster cluster = LocalCluster.start(settings, line -> say(messages, line), shutdown::requested)) {
            banner(cluster, out);
            shutdown.await();
            say(messages, "stopping ...");
        } catch (LocalCluster.StartException e) {
            say(messages, e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            say(messages, "stopped while it was starting");
            return 1;
        }
        List<String> left = LocalCluster.remaining(settings.directory());
        if (!left.isEmpty()) {
            say(messages, "left behind: " + String.join(", ", left) + "; the next start goes on with that");
            return 1;
        }
        say(messages, "stopped; the data stay in " + settings.directory());
        return 0;
    }

    private static void banner(LocalCluster cluster, PrintWriter out) {
        LocalSettings settings = cluster.settings();
        out.println();
        out.println("Mooring runs on this machine.");
        out.println("  API        " + settings.apiAddress() + "   admin http://127.0.0.1:" + settings.adminPort());
        out.println("  Mesos      " + settings.masterAddress() + " with " + settings.agents()
                + " agents, ZooKeeper 127.0.0.1:" + settings.zooKeeperPort());
        out.println("  volumes    " + Installation.driverRemark(settings));
        Installation.missingTools(settings.driver()).forEach(line -> out.println("             " + line));
        out.println("  directory  " + settings.directory() + "   logs in " + cluster.logs());
        out.println("  processes");
        cluster.pids().forEach((name, pid) -> out.printf("    %-16s pid %d%n", name, pid));
        out.println("  a second scheduler:  ./" + cluster.secondScheduler());
        String url = settings.port() == 8080 ? "" : " --url " + settings.apiAddress();
        out.println("  try next:  ./mooring app run" + url + " marathon-examples/hello-play.json --wait 30");
        out.println("             ./mooring volume ls" + url);
        out.println("Ctrl-C releases the claims and stops everything; the data stay.");
        out.flush();
    }

    private static int checked(String option, int port) {
        if (port < 1 || port > 65000) {
            throw new IllegalArgumentException(option + " is " + port + "; it has to be from 1 to 65000");
        }
        return port;
    }

    private static synchronized void say(PrintWriter messages, String line) {
        messages.println(line);
        messages.flush();
    }
}
