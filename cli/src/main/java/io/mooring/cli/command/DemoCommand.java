package io.mooring.cli.command;

import io.mooring.cli.api.ApiException;
import io.mooring.cli.demo.Demo;
import io.mooring.local.process.LocalCluster;
import io.mooring.local.process.LocalSettings;
import io.mooring.local.process.TakenDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mooring demo}: the story of one volume, on a cluster of its own that is gone afterwards. */
@Command(name = "demo", description = "Tell the story of one volume on a cluster of its own; nothing of it stays.")
public final class DemoCommand implements Callable<Integer> {
    private static final int AGENTS = 3;
    private static final int LOWEST_PORT = 12000;
    private static final int HIGHEST_PORT = 31000;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        return Shutdown.guarding(
                shutdown -> run(shutdown, out), spec.commandLine().getErr());
    }

    private static int run(Shutdown shutdown, PrintWriter out) throws IOException {
        TakenDirectory directory;
        try (DemoDirectories demos = DemoDirectories.open(Installation.home().resolve("demo"))) {
            demos.cleanUpEarlier(line -> say(out, line));
            directory = demos.take();
        } catch (InterruptedException e) {
            say(out, "The demo was stopped before it began.");
            return 1;
        }
        LocalSettings settings = settings(directory.path());
        say(
                out,
                "Starting ZooKeeper, a Mesos master, " + AGENTS
                        + " agents with a volume plugin each, and the scheduler.");
        say(out, "Volumes: " + Installation.driverRemark(settings));
        return tell(directory, settings, out, shutdown);
    }

    private static int tell(TakenDirectory directory, LocalSettings settings, PrintWriter out, Shutdown shutdown)
            throws IOException {
        String step = "starting the cluster";
        String failure = null;
        Demo demo = null;
        try (LocalCluster cluster =
                LocalCluster.start(settings, directory, line -> say(out, "   " + line), shutdown::requested)) {
            Path definition =
                    Path.of(System.getProperty("mooring.home", ".")).resolve("marathon-examples/counter.json");
            demo = new Demo(cluster, definition, out, shutdown::requested);
            demo.tell();
        } catch (LocalCluster.StartException | Demo.DemoException | ApiException | IOException | RuntimeException e) {
            step = demo == null ? step : demo.step();
            failure = shutdown.requested() ? "stopped by a signal" : Trouble.words(e);
        } catch (InterruptedException e) {
            step = demo == null ? step : demo.step();
            failure = "stopped by a signal";
        }
        return end(settings.directory(), step, failure, out);
    }

    private static synchronized void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }

    private static int end(Path directory, String step, String failure, PrintWriter out) throws IOException {
        Thread.interrupted(); // the signal is known by now; an interrupt would make files unreadable
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

    /**
     * A run of free ports: the API's and the admin pages', the agents' are neighbours. Below the ports that the kernel gives
     * to outgoing connections, or one of those could take a port before its process listens.
     */
    private static int[] freePorts(int count) throws IOException {
        for (int attempt = 0; attempt < 200; attempt++) {
            int base = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT - count);
            if (allFree(base, count)) {
                return IntStream.range(base, base + count).toArray();
            }
        }
        throw new IOException(
                "no " + count + " free ports in a row were found from " + LOWEST_PORT + " to " + HIGHEST_PORT);
    }

    private static boolean allFree(int from, int count) {
        for (int port = from; port < from + count; port++) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
