package io.mooring.cli.command;

import io.mooring.cli.api.ApiException;
import io.mooring.cli.demo.Demo;
import io.mooring.local.process.LocalCluster;
import io.mooring.local.process.LocalSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mooring demo}: the story of one volume, on a cluster of its own that is gone afterwards. */
@Command(name = "demo", description = "Tell the story of one volume on a cluster of its own; nothing of it stays.")
public final class DemoCommand implements Callable<Integer> {
    private static final int AGENTS = 3;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Path demos = Path.of(System.getProperty("user.home"), ".mooring", "demo");
        Files.createDirectories(demos);
        Shutdown shutdown = new Shutdown();
        cleanUpEarlier(demos, out);
        Path directory = Files.createTempDirectory(demos, "run-");
        LocalSettings settings = settings(directory);
        out.println("Starting ZooKeeper, a Mesos master, " + AGENTS
                + " agents with a volume plugin each, and the scheduler.");
        out.println("Volumes: " + Installation.driverRemark(settings));
        out.flush();
        return shutdown.finish(tell(settings, out, shutdown));
    }

    private int tell(LocalSettings settings, PrintWriter out, Shutdown shutdown) throws IOException {
        String step = "starting the cluster";
        String failure = null;
        Demo demo = null;
        try (LocalCluster cluster =
                LocalCluster.start(settings, line -> out.println("   " + line), shutdown::requested)) {
            Path definition =
                    Path.of(System.getProperty("mooring.home", ".")).resolve("marathon-examples/counter.json");
            demo = new Demo(cluster, definition, out, shutdown::requested);
            demo.tell();
        } catch (LocalCluster.StartException | Demo.DemoException | ApiException | IOException e) {
            step = demo == null ? step : demo.step();
            failure = e.getMessage();
        } catch (InterruptedException e) {
            step = demo == null ? step : demo.step();
            failure = "stopped";
        }
        return end(settings.directory(), step, failure, out);
    }

    private static int end(Path directory, String step, String failure, PrintWriter out) throws IOException {
        List<String> left = LocalCluster.remaining(directory);
        if (failure == null && left.isEmpty()) {
            LocalCluster.delete(directory);
            out.println();
            out.println("Everything that was started is stopped; no process, mount, loop device or socket is left.");
            out.flush();
            return 0;
        }
        out.println();
        out.println(failure == null ? "The demo ran, but this is left: " + left : "The demo failed at: " + step);
        if (failure != null) {
            out.println("  " + failure);
        }
        out.println("  logs: " + directory.resolve("logs"));
        out.flush();
        return 1;
    }

    /** Demos that were killed left their clusters; one that still runs is left alone. */
    private static void cleanUpEarlier(Path demos, PrintWriter out) throws IOException {
        List<Path> earlier;
        try (Stream<Path> entries = Files.list(demos)) {
            earlier = entries.filter(Files::isDirectory)
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
        for (Path directory : earlier) {
            if (LocalCluster.cleanUp(directory)) {
                LocalCluster.delete(directory);
                out.println("(an earlier demo in " + directory + " was cleaned up)");
            }
        }
    }

    private static LocalSettings settings(Path directory) throws IOException {
        int[] ports = freePorts(4 + AGENTS);
        return new LocalSettings(
                directory,
                AGENTS,
                ports[0],
                ports[2],
                ports[3],
                ports[4],
                31000,
                Installation.driver(),
                LocalSettings.Restart.AFTER_A_SECOND,
                Installation.selfCommand(),
                Installation.executor());
    }

    /** A run of free ports: the API's and the admin pages', the agents' are neighbours. */
    private static int[] freePorts(int count) throws IOException {
        for (int attempt = 0; attempt < 50; attempt++) {
            try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int base = first.getLocalPort();
                if (base + count < 65000 && allFree(base + 1, count - 1)) {
                    int[] ports = new int[count];
                    for (int i = 0; i < count; i++) {
                        ports[i] = base + i;
                    }
                    return ports;
                }
            }
        }
        throw new IOException("no " + count + " free ports in a row were found");
    }

    private static boolean allFree(int from, int count) {
        for (int port = from; port < from + count; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                socket.setReuseAddress(true);
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
