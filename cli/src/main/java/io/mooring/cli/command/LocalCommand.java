package io.mooring.cli.command;

import io.mooring.local.process.LocalCluster;
import io.mooring.local.process.LocalSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mooring local}: a whole cluster on this machine, in the foreground. */
@Command(name = "local", description = "Run a whole cluster on this machine: ZooKeeper, Mesos, plugins, scheduler.")
public final class LocalCommand implements Callable<Integer> {
    @Option(names = "--dir", paramLabel = "D", description = "where its state lives (default: ~/.mooring/local)")
    private Path directory = Path.of(System.getProperty("user.home"), ".mooring", "local");

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
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter messages = spec.commandLine().getErr();
        LocalSettings settings = new LocalSettings(
                directory.toAbsolutePath().normalize(),
                agents,
                checked("--port", port),
                checked("--master-port", masterPort),
                checked("--zk-port", zooKeeperPort),
                masterPort + 1,
                31000,
                Installation.driver(),
                noRestart ? LocalSettings.Restart.NEVER : LocalSettings.Restart.AFTER_A_SECOND,
                Installation.selfCommand(),
                Installation.executor());
        messages.println("starting a cluster in " + settings.directory() + " ...");
        messages.flush();
        Shutdown shutdown = new Shutdown();
        try (LocalCluster cluster = LocalCluster.start(settings, line -> say(messages, line), shutdown::requested)) {
            banner(cluster, out);
            shutdown.await();
            say(messages, "stopping ...");
        } catch (LocalCluster.StartException e) {
            say(messages, e.getMessage());
            return shutdown.finish(1);
        } catch (InterruptedException e) {
            say(messages, "stopped while it was starting");
            return shutdown.finish(1);
        }
        return shutdown.finish(0);
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
        String url = settings.port() == 8080 ? "" : "--url " + settings.apiAddress() + " ";
        out.println("  try next:  ./mooring app run " + url + "marathon-examples/hello-play.json --wait 30");
        out.println("             ./mooring volume ls " + url);
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
